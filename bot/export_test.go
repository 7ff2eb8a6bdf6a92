package bot

// Updating reports whether the golden files are to be written anew.
func Updating() bool { return *update }
