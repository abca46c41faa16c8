/* src/tui/gateway_panes.h - the panes of the Connexion gateway: its log, and the integration profiles that decide about records.
 */
#ifndef RECTO_TUI_GATEWAY_PANES_H
#define RECTO_TUI_GATEWAY_PANES_H

#include "workstation.h"

/** What came through the gateway, newest first (gateway.md GW-80): pane_gateway.c. */
void gateway_pane_open(workstation *station);
/** The integration profiles, and the form of one (gateway.md section 7): pane_profiles.c. */
void profiles_pane_open(workstation *station);

extern const pane_kind gateway_pane, profiles_pane;

#endif
