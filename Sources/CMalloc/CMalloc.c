#include "CMalloc.h"

#include <malloc.h>

void tally_return_memory(int block_bytes_min, int kept_bytes_max) {
    mallopt(M_MMAP_THRESHOLD, block_bytes_min);
    mallopt(M_TRIM_THRESHOLD, kept_bytes_max);
}
