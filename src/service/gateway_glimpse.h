/* src/service/gateway_glimpse.h - OCLC number and title of a record that was not decoded: for a line of the log, no more. Pure.
 */
#ifndef RECTO_SRC_SERVICE_GATEWAY_GLIMPSE_H
#define RECTO_SRC_SERVICE_GATEWAY_GLIMPSE_H

#include "recto/base/text.h"

enum { GLIMPSE_TITLE = 60 };

/** The first 035 that begins with (OCoLC), without that and without ocm, ocn, on and zeros; else 001 read so. Lent; empty: none.
 */
text gateway_glimpse_oclc(text record);
/** 245 $a as it came, at most GLIMPSE_TITLE bytes. Lent; empty: none. */
text gateway_glimpse_title(text record);

#endif
