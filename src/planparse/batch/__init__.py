"""Many files: the inputs and their output names, the killable child that reads them, and the run."""
