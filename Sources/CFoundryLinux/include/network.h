#pragma once

/// Makes an empty network namespace and binds it to a file, which is made when it is not there. Returns -1 with errno set when it fails.
int foundry_network_namespace_create(const char *path);
