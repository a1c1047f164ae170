// A setting of glibc's allocator that Swift has no name for.
#pragma once

// Lets blocks of this size and above go back to the system as soon as they are free.
//
// By default the allocator raises the size to that of the largest block it has seen, up to 32 MiB,
// and keeps what is smaller in a pool for each thread.
void tally_return_memory(int block_bytes_min, int kept_bytes_max);
