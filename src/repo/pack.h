/* src/repo/pack.h - inside of the room: records as they lie in `version`, compressed with a dictionary of our own.
 *
 * The first byte says which form it is: a digit or W, the bytes of codec.c as they are; Z, compressed: the number of the
 * dictionary as a digit, then a zstd frame which tells how long the content is. All forms are read for ever. The checksum of a
 * version is made over the bytes of codec.c, so that it speaks of the record and not of how it is packed. */
#ifndef RECTO_SRC_REPO_PACK_H
#define RECTO_SRC_REPO_PACK_H

#include "store.h"

typedef struct packer packer; /* of one thread */
recto_status packer_new(packer **out, recto_error *error);
void packer_free(packer *packer);
/** Appends the packed form, or the bytes as they are where that is not longer. */
recto_status packer_pack(buffer *out, packer *packer, text encoded, recto_error *error);

/** The same with what the repository keeps for it; both are lent until the next call of either. */
recto_status pack_record(text *out, repo *repo, text encoded, recto_error *error);
/** RECTO_EDATA without filling the error: not to be unpacked. Bytes that are not packed are given as they are. */
recto_status unpack_record(text *out, repo *repo, text stored, recto_error *error);

#endif
