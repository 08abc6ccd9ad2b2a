#pragma once

/// Has the same programs decide which devices may be opened in another control group of version 2, where there is no file for that. Safe to do
/// twice. Returns -1 with errno set when it fails.
int foundry_copy_device_rules(const char *source, const char *target);
