#pragma once

/// Opens a file for reading as a process sees it, through the directory descriptor of its root (/proc/PID/root). No symbolic link is followed,
/// nothing outside of that root is reached, and opening a pipe or device does not block.
int foundry_open_inside(int root, const char *path);

/// Opens a directory only to look below it.
int foundry_open_place(const char *path);

/// 1 when it is a regular file, 0 when it is something else.
int foundry_is_file(int fd);
