import Glibc

/// Prints a line at once: whoever reads through a pipe sees it when it happens.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// To standard error.
func complain(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}
