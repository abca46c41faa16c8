/* src/tui/commands.c - the table of commands: every action of the workstation has its row here, and nowhere else.
 *
 * Menu, palette, help, hints, keymap check, man page and tests read it. Rows are grouped by pane, one row a line, so that
 * several people can add theirs. Columns: name, title in the menu, hint, help sentence, menu, contexts, privilege. The order of
 * rows is the order in the menus; the order of hints is the keymap's. */
#include "command.h"

#include <string.h>

/* clang-format off */
static const command commands[] = {
    /* the workstation itself */
    { "app.palette",        "Command...",                "Command",   "Runs any command by its name",                                       "File",      "all",      PRIVILEGE_NONE },
    { "app.menu",           "Menus",                     "Menu",      "Opens the menus; a number opens that one",                           NULL,        "all",      PRIVILEGE_NONE },
    { "app.help",           "Keys of This Screen",       "Keys",      "Lists every key that works here",                                    "File",      "all",      PRIVILEGE_NONE },
    { "app.theme",          "Change Theme...",           "Theme",     "Changes the colours: slate, paper, high-contrast, mono, solarized",  "View",      "all",      PRIVILEGE_NONE },
    { "app.keymap",         "Change Keymap...",          "Keymap",    "Changes the keys: default, connexion, vi, emacs",                    "View",      "all",      PRIVILEGE_NONE },
    { "app.redraw",         "Redraw Screen",             "Redraw",    "Paints the whole screen again",                                      "View",      "all",      PRIVILEGE_NONE },
    { "app.mouse",          "Mouse On or Off",           "Mouse",     "Gives the mouse to Recto, or back to the terminal's own selection",  "View",      "all",      PRIVILEGE_NONE },
    { "app.key_test",       "Test Keys",                 "Test keys", "Shows what arrives of a key that is pressed, and what it does",       "File",      "all",      PRIVILEGE_NONE },
    { "app.tour",           "Guided Tour",               "Tour",      "Shows or hides the line that leads through the main job",            "File",      "all",      PRIVILEGE_NONE },
    { "app.quit",           "Quit",                      "Quit",      "Leaves; open records come back at the next start",                   "File",      "all",      PRIVILEGE_NONE },
    { "linear.line",        "Say Line",                  "Line",      "Linear mode: says the line under the cursor again",                  "View",      "all",      PRIVILEGE_NONE },
    { "linear.where",       "Say Where",                 "Where",     "Linear mode: says the place: area, pane, field and column",          "View",      "all",      PRIVILEGE_NONE },
    { "linear.read",        "Read Screen",               "Read",      "Linear mode: says all that stands in the pane, line by line",        "View",      "all",      PRIVILEGE_NONE },
    { "area.search",        "Search",                    "Search",    "Goes to the search",                                                 "View",      "all",      PRIVILEGE_NONE },
    { "area.records",       "Records",                   "Records",   "Goes to the open records; once more shows their list",               "View",      "all",      PRIVILEGE_NONE },
    { "area.rules",          "Rules",                     "Rules",     "Goes to the rules: merge, normalization, indication, brief level",     "Rules",     "all",      PRIVILEGE_SEARCH },
    { "area.jobs",           "Jobs",                      "Jobs",      "Goes to the jobs: trials, runs, what was merged",                      "View",      "all",      PRIVILEGE_SEARCH },
    { "area.gateway",          "Gateway Log",               "Gateway",   "Lists what came through the Connexion gateway, and what it answered",     "View",      "all",      PRIVILEGE_SEARCH },
    { "area.profiles",         "Integration Profiles",      "Profiles",  "Lists the integration profiles: what is decided about records from Connexion", "View",      "all",      PRIVILEGE_ADMINISTER },
    { "area.next",          "Next Area",                 "Area",      "Goes to the next area of the first row",                             "View",      "all",      PRIVILEGE_NONE },
    { "area.toggle",        "Show or Hide Editor",       "Editor",    "Goes from the editor to the search and back",                        "View",      "all",      PRIVILEGE_NONE },
    { "pane.next",          "Other Pane",                "Pane",      "Moves between the panes of a split screen",                          "View",      "all",      PRIVILEGE_NONE },
    { "pane.split",         "Split",                     "Split",     "Splits the screen, or shows one pane whole",                         "View",      "all",      PRIVILEGE_NONE },
    { "pane.close",         "Close Pane",                "Close",     "Closes this pane; an open record stays in the list",                 "View",      "all",      PRIVILEGE_NONE },
    { "pane.back",          "Back",                      "Back",      "One step out; nothing is lost",                                      NULL,        "all",      PRIVILEGE_NONE },
    { "box.next",           "Next Box",                  "Next",      "Goes to the next box of the form",                                   NULL,        "search,external,editor,form,profile,prompts", PRIVILEGE_NONE },
    { "box.previous",       "Previous Box",              "Previous",  "Goes to the previous box of the form",                               NULL,        "search,external,editor,form,profile,prompts", PRIVILEGE_NONE },
    { "list.up",            "Up",                        "Up",        "One row up",                                                         NULL,        "list",     PRIVILEGE_NONE },
    { "list.down",          "Down",                      "Down",      "One row down",                                                       NULL,        "list",     PRIVILEGE_NONE },
    { "list.page_up",       "Page Up",                   "Page up",   "One screen up",                                                      NULL,        "list",     PRIVILEGE_NONE },
    { "list.page_down",     "Page Down",                 "Page down", "One screen down",                                                    NULL,        "list",     PRIVILEGE_NONE },
    { "list.home",          "First",                     "First",     "To the first row",                                                   NULL,        "list",     PRIVILEGE_NONE },
    { "list.end",           "Last",                      "Last",      "To the last row",                                                    NULL,        "list",     PRIVILEGE_NONE },
    { "list.open",          "Open",                      "Open",      "Opens the row under the cursor",                                     NULL,        "list",     PRIVILEGE_NONE },

    /* search and results: pane_search.c */
    { "search.focus",       "New Search",                "Search",    "Goes to the search box",                                             "Search",    "all", PRIVILEGE_SEARCH },
    { "search.run",         "Run Search",                "Search",    "Runs the search",                                                    "Search",    "search",   PRIVILEGE_SEARCH },
    { "search.type",        "Search Type...",            "Type",      "All, Physical or Electronic Titles, Physical Items, Authorities",    "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.zone",        "Search Zone...",            "Zone",      "Institution, Network or Community Zone",                             "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.index",       "Search Index...",           "Index",     "Keywords, title, creator, identifiers and more",                     "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.sort",        "Sort Results...",           "Sort",      "Changes the order of the results",                                   "Search",    "results",  PRIVILEGE_SEARCH },
    { "search.facets",      "Narrow by Facets...",       "Facets",    "Material, language, inventory, tag and year of the results, with counts", "Search", "results",  PRIVILEGE_SEARCH },
    { "search.history",     "Earlier Searches...",       "Earlier",   "The last hundred searches, to run one again",                        "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.sets",        "Sets...",                   "Sets",      "Shows the records of a set",                                         "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.keep",        "Keep as Set...",            "Keep",      "Keeps the search as a set, which is run anew each time",             "Search",    "results",  PRIVILEGE_SEARCH },
    { "search.export",      "Export Results...",         "Export",    "Writes all results to a file: records in any format, or a table",    "Search",    "results",  PRIVILEGE_SEARCH },
    { "facet.choose",       "Choose Value",              "Choose",    "Narrows the results by the value, or no longer",                     "Search",    "facets",   PRIVILEGE_SEARCH },
    { "facet.clear",        "Clear Values",              "Clear",     "Takes all narrowing back",                                           "Search",    "facets",   PRIVILEGE_SEARCH },
    { "search.narrow",      "Narrow Search",             "Narrow",    "Adds a further condition to the search",                             "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.institution", "Institution Zone",          "Institution", "Shows the results of the Institution Zone",                        "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.network",     "Network Zone",              "Network",   "Shows the results of the Network Zone",                              "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.community",   "Community Zone",            "Community", "Shows the results of the Community Zone",                            "Search",    "search,results", PRIVILEGE_SEARCH },
    { "search.clear",       "Clear Search",              "Clear",     "Empties the search form",                                            "Search",    "search,results", PRIVILEGE_SEARCH },
    { "result.view",        "View Record",               "View",      "Shows the record read only",                                         "Record",    "results,records", PRIVILEGE_SEARCH },
    { "result.edit",        "Edit Record",               "Edit",      "Opens the record in the editor and locks it",                        "Record",    "results,record", PRIVILEGE_CATALOG },
    { "result.select",      "Select Row",                "Select",    "Selects the record, or no longer; Push takes all that are selected", "Edit",      "results",  PRIVILEGE_SEARCH },
    { "result.select_all",  "Select Page",               "Select page", "Selects all rows of the page that is shown, or no longer",         "Edit",      "results",  PRIVILEGE_SEARCH },
    { "result.push",        "Push to Records",           "Push",      "Puts the record into the list of open records, not locked",          "Record",    "results",  PRIVILEGE_CATALOG },
    { "result.to_set",      "Add to Set...",             "To set",    "Adds the record, or all that are selected, to a set of yours",       "Record",    "results",  PRIVILEGE_SEARCH },
    { "result.versions",    "View Versions",             "Versions",  "Lists the versions of the record",                                   "View",      "results,record", PRIVILEGE_SEARCH },
    { "result.inventory",   "View Inventory",            "Inventory", "Shows holdings and items of the record",                             "Inventory", "results,record", PRIVILEGE_SEARCH },
    { "result.external",    "Search Resources",          "Resources", "Searches other libraries, prefilled from this record",               "Search",    "results,record", PRIVILEGE_SEARCH },
    { "result.copy_id",     "Show MMS ID",               "MMS ID",    "Says the MMS ID of the record on the status line",                   "Record",    "results",  PRIVILEGE_SEARCH },
    { "result.delete",      "Delete Record...",          "Delete",    "Opens the record and asks whether it shall be deleted",              "Record",    "results",  PRIVILEGE_DELETE },
    { "result.to_catalog",  "Copy to Catalog",           "Copy to IZ", "Makes a new record of the Institution Zone from this one",          "Record",    "results",  PRIVILEGE_CATALOG },

    /* read-only record view: pane_record.c */
    { "record.back",        "Back to Results",           "Back",      "Goes back to where the record was opened",                           NULL,        "record",   PRIVILEGE_NONE },
    { "record.next",        "Next Record",               "Next",      "The next record of the list",                                        "Record",    "record,editor,records,hits,matches,job", PRIVILEGE_NONE },
    { "record.previous",    "Previous Record",           "Previous",  "The previous record of the list",                                    "Record",    "record,editor,records,hits,matches,job", PRIVILEGE_NONE },

    /* external search: pane_external.c */
    { "external.search",    "Search Resources",          "Resources", "Searches other libraries, prefilled from the open record",           "Search",    "all",      PRIVILEGE_SEARCH },
    { "external.clear",     "Clear Form",                "Clear",     "Empties the boxes of the external search",                           "Search",    "external,hits", PRIVILEGE_SEARCH },
    { "external.run",       "Search Targets",            "Search",    "Asks all chosen targets at once",                                    "Search",    "external,hits", PRIVILEGE_SEARCH },
    { "external.stop",      "Stop Searching",            "Stop",      "Stops waiting; what has come stays",                                 "Search",    "external,hits", PRIVILEGE_SEARCH },
    { "external.query",     "Show Query Sent",           "Query",     "Shows what was sent to each target",                                 "Search",    "external,hits", PRIVILEGE_SEARCH },
    { "external.targets",   "Choose Targets",            "Targets",   "Chooses which libraries are asked",                                  "Search",    "external,hits", PRIVILEGE_SEARCH },
    { "external.view",      "View External Record",      "View",      "Shows the external record read only",                                "Record",    "hits",     PRIVILEGE_SEARCH },
    { "external.import",    "Import",                    "Import",    "Opens the external record in the editor as a new record",            "Record",    "hits",     PRIVILEGE_CATALOG },
    { "external.merge",     "Copy & Merge",              "Merge",     "Merges the external record with the open one by the zone's rule",    "Record",    "hits",     PRIVILEGE_CATALOG },
    { "external.overlay",   "Copy & Overlay",            "Overlay",   "Copies the external record over the open one; its content is lost",  "Record",    "hits",     PRIVILEGE_CATALOG },
    { "external.preview",   "Merge Preview",             "Preview",   "Shows what Copy & Merge would make, field by field",                 "Record",    "hits",     PRIVILEGE_CATALOG },
    { "external.more",      "More Hits",                 "More",      "Fetches more hits of this target",                                   "Search",    "hits",     PRIVILEGE_SEARCH },
    { "external.sort",      "Sort Hits",                 "Sort",      "By target, date, title or encoding level",                           "Search",    "hits",     PRIVILEGE_SEARCH },
    { "external.placement", "Placement of Imports",      "Placement", "Network or Local (Institution Zone), for what is imported",          "Record",    "external,hits", PRIVILEGE_CATALOG },

    /* templates, text strings, macros: pane_templates.c, pane_prompts.c, pane_expand.c, pane_own_text.c, macros.c */
    { "area.templates",        "Templates",                 "Templates", "Goes to the templates: records to begin with",                            "View",      "all",      PRIVILEGE_CATALOG },
    { "template.new",          "New from Template...",      "New from",  "A new record from a template; what it asks is asked in a form",           "Record",    "all",      PRIVILEGE_CATALOG },
    { "record.brief",          "New Brief Record...",       "Brief",     "A new record from title, author, ISBN, publisher and year",               "Record",    "all",      PRIVILEGE_CATALOG },
    { "authority.new",         "New Authority Record...",   "New authority", "A new authority record, from the default template or one to choose",    "Record",    "all",      PRIVILEGE_CATALOG },
    { "template.save_as",      "Save as Template...",       "As template", "Keeps the open record as a template, without its numbers",              "Record",    "editor",   PRIVILEGE_CATALOG },
    { "template.use",          "New Record from It",        "Use",       "Makes a record from the template, or expands the open one",               "Record",    "templates", PRIVILEGE_CATALOG },
    { "template.edit",         "Edit Template",             "Edit",      "Opens the template in the editor and locks it",                           "Record",    "templates", PRIVILEGE_CATALOG },
    { "template.view",         "View Template",             "View",      "Shows the template read only",                                            "Record",    "templates", PRIVILEGE_CATALOG },
    { "template.copy",         "Duplicate Template...",     "Duplicate", "A template of one's own with the content of this one",                    "Record",    "templates", PRIVILEGE_CATALOG },
    { "template.default",      "Default Template...",       "Default",   "Makes it the one for new records, for oneself or for everybody",          "Record",    "templates", PRIVILEGE_CATALOG },
    { "template.delete",       "Delete Template",           "Delete",    "Deletes the template, after a question; its versions are kept",           "Record",    "templates", PRIVILEGE_CATALOG },
    { "template.filter",       "Filter Templates...",       "Filter",    "Shows only templates with these words",                                   "View",      "templates", PRIVILEGE_CATALOG },
    { "prompt.done",           "Done",                      "Done",      "Takes the answers as they are",                                           "Record",    "prompts",  PRIVILEGE_CATALOG },
    { "expand.apply",          "Apply",                     "Apply",     "Adds what is shown to the open record; Undo takes it back",               "Record",    "expand",   PRIVILEGE_CATALOG },
    { "edit.undo",          "Undo",                      "Undo",      "Takes the last change back",                                         "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "edit.redo",          "Redo",                      "Redo",      "Makes the change again",                                             "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "edit.steps",         "List of Steps",             "Steps",     "Lists what each step did; Enter goes back or forth to any of them",  "Edit",      "editor",   PRIVILEGE_NONE },
    { "edit.find",          "Find...",                   "Find",      "Finds text or an expression (/.../) in the values of the record",    "Edit",      "editor",   PRIVILEGE_NONE },
    { "edit.find_next",     "Find Next",                 "Next",      "Goes to the next match",                                             "Edit",      "editor",   PRIVILEGE_NONE },
    { "edit.find_previous", "Find Previous",             "Previous",  "Goes to the previous match",                                         "Edit",      "editor",   PRIVILEGE_NONE },
    { "edit.replace",       "Replace...",                "Replace",   "Replaces text in the record or in all open ones; each change is shown before", "Edit", "editor", PRIVILEGE_CATALOG },
    { "string.insert",         "Insert Text String...",     "String",    "Puts a text string of one's own at the cursor, by its name",              "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "string.edit",           "My Text Strings",           "Strings",   "Opens the text of one's text strings, with their keys",                   "Edit",      "all",      PRIVILEGE_CATALOG },
    { "string.edit_shared",    "Shared Text Strings",       "Shared",    "Opens the text of the strings that all catalogers have",                  "Edit",      "all",      PRIVILEGE_TEMPLATES },
    { "macro.record",          "Record Macro, or Stop",     "Record",    "Begins to note commands and typed text, or ends and asks for a name",     "Edit",      "all",      PRIVILEGE_CATALOG },
    { "macro.play",            "Play Macro...",             "Play",      "Plays a macro by its name; a number behind it says how often",            "Edit",      "all",      PRIVILEGE_CATALOG },
    { "macro.edit",            "My Macros",                 "Macros",    "Opens the text of one's macros, with their keys",                         "Edit",      "all",      PRIVILEGE_CATALOG },
    { "macro.edit_shared",     "Shared Macros",             "Shared",    "Opens the text of the macros that all catalogers have",                   "Edit",      "all",      PRIVILEGE_TEMPLATES },
    { "text.save",             "Save Text",                 "Save",      "Checks the text and saves it; its keys hold at once",                     "Record",    "owntext",  PRIVILEGE_CATALOG },
    { "text.undo",             "Undo Typing",               "Undo",      "Takes the last change of the text back",                                  "Edit",      "owntext",  PRIVILEGE_NONE },
    { "text.redo",             "Redo Typing",               "Redo",      "Makes the change of the text again",                                      "Edit",      "owntext",  PRIVILEGE_NONE },
    { "text.editor",           "Edit in $EDITOR",           "Editor",    "Opens the text in the program that EDITOR or VISUAL names",               "Edit",      "owntext",  PRIVILEGE_CATALOG },

    /* the editor: pane_editor.c */
    { "record.save",        "Save Record",               "Save",      "Saves to the repository; the record stays open and locked",          "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.save_release","Save and Release Record",   "Save+Release", "Saves, then gives the lock back and closes the record",           "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.save_draft",  "Save Draft",                "Draft",     "Keeps the text for you alone; others see the last version",          "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.release",     "Release Record",            "Release",   "Closes the record and gives the lock back; unsaved changes go",      "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.new",         "New Record",                "New",       "A new MARC 21 bibliographic record",                                 "Record",    "all",      PRIVILEGE_CATALOG },
    { "record.open",        "Open by MMS ID...",         "Open",      "Opens a record in the editor by its MMS ID",                         "Record",    "all",      PRIVILEGE_CATALOG },
    { "record.beside",      "Second Record Beside...",   "Beside",    "Puts another open record beside this one, or the next one; fields can be copied across", "View", "editor", PRIVILEGE_CATALOG },
    { "beside.next",        "Next Difference",           "Difference", "Goes to the next field that differs between the two records",       "View",      "editor",   PRIVILEGE_NONE },
    { "beside.previous",    "Previous Difference",       "Previous",  "Goes to the previous field that differs between the two records",    "View",      "editor",   PRIVILEGE_NONE },
    { "beside.field_right", "Copy Field to the Right",   "Field >",   "Copies the field into the right (lower) record, over the one beside it",    "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "beside.field_left",  "Copy Field to the Left",    "< Field",   "Copies the field into the left (upper) record, over the one beside it",     "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "beside.subfield_right", "Copy Subfield to the Right", "$$ >",  "Copies only the subfield under the cursor into the right record",    "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "beside.subfield_left", "Copy Subfield to the Left", "< $$",    "Copies only the subfield under the cursor into the left record",     "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "record.duplicate",   "Duplicate Record",          "Duplicate", "A new record with the content of this one",                          "Record",    "editor",   PRIVILEGE_CATALOG },
    { "record.matches",     "Find Matches",              "Matches",   "Looks for records that describe the same thing",                     "Record",    "editor",   PRIVILEGE_CATALOG },
    { "record.why_match",      "Why Match, Why Not...",     "Why match", "Shows the keys by which a record matches this one, or why it does not",   "Record",    "editor",   PRIVILEGE_CATALOG },
    { "record.validate",    "Validate",                  "Validate",  "Checks the whole record and says what was found",                    "Record",    "editor",   PRIVILEGE_CATALOG },
    { "record.enhance",     "Enhance the Record",        "Enhance",   "Applies a normalization rule",                                       "Record",    "editor",   PRIVILEGE_CATALOG },
    { "record.combine",      "Merge Records & Combine Inventory", "Merge two", "Marks the record that stays; on the second record, shows the merge",   "Record",    "editor,record,results,records", PRIVILEGE_COMBINE },
    { "record.undo_merge",   "Undo Merge",                "Undo merge", "Takes back the merge or overlay this record was last saved by",        "Record",    "editor,record,results,records", PRIVILEGE_CATALOG },
    { "record.share",       "Share with Network...",     "Share",     "Links a local record to a network record that matches, or to one made of it", "Record", "editor,results", PRIVILEGE_CATALOG },
    { "record.related",     "Related Records",           "Related",   "Lists the records that this one names ($w) or is linked to, and that name it", "View", "editor,results", PRIVILEGE_SEARCH },
    { "record.reload",      "Reload Original Record",    "Reload",    "Takes the stored record again; undo brings the changes back",        "Record",    "editor",   PRIVILEGE_CATALOG },
    { "record.delete",      "Delete Record",             "Delete",    "Deletes the record, after a question",                               "Record",    "editor",   PRIVILEGE_DELETE },
    { "record.lock",        "Who Holds It",              "Lock",      "Says who has the record locked, since when, and when that would end", "View",     "editor,records", PRIVILEGE_SEARCH },
    { "record.take_over",   "Take Over Lock...",         "Take over", "Takes the record from whoever holds it, with a reason that is told",  "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.assign",      "Assign to Another Cataloger...", "Assign", "Hands the record to another cataloger, with unsaved text and lock",  "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.three_way",   "Compare Three Ways",        "Three ways", "Compares the version this text began from, the text, and what is stored; re-applies it", "View", "editor,records", PRIVILEGE_SEARCH },
    { "record.level",       "Set Cataloging Level...",   "Level",     "Sets who may change the record",                                     "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.tags",        "Set Management Tags...",    "Tags",      "Suppresses from discovery or not; what is published to WorldCat",    "Record",    "editor,records", PRIVILEGE_CATALOG },
    { "record.placement",   "Placement Options...",      "Placement", "Where new records and imports go: Network or Local; remembered",     "Record",    "all",      PRIVILEGE_CATALOG },
    { "threeway.turn",      "Turn Choice",               "Turn",      "Takes the other side's field, or the own one again",                 "Edit",      "threeway", PRIVILEGE_NONE },
    { "threeway.apply",     "Re-apply",                  "Re-apply",  "Puts the chosen fields into the open record, on top of what is stored", "Record", "threeway", PRIVILEGE_CATALOG },
    { "records.deleted",    "Deleted Records",           "Deleted",   "Lists deleted records, to be searched and brought back",             "Search",    "all",      PRIVILEGE_SEARCH },
    { "deleted.words",      "Title or Number...",        "Search",    "Shows only deleted records with this in title or creator, or with this number", "Search", "deleted", PRIVILEGE_SEARCH },
    { "deleted.restore",    "Restore Deleted",           "Restore",   "Brings the record back, after a question",                           "Record",    "deleted",  PRIVILEGE_DELETE },
    { "record.versions",    "View Versions",             "Versions",  "Lists the versions of the open record",                              "View",      "editor",   PRIVILEGE_SEARCH },
    { "record.in_search",   "View in Search",            "In search", "Shows the saved record as search result",                            "View",      "editor",   PRIVILEGE_SEARCH },
    { "template.expand",    "Expand from Template",      "Template",  "Adds the fields of a template",                                      "Record",    "editor",   PRIVILEGE_CATALOG },
    { "order.create",       "Create PO Line and Exit",   "Order",     "Makes an order for this record",                                     "Inventory", "editor",   PRIVILEGE_INVENTORY },
    { "shelf.browse",       "Browse Shelf Listing",      "Shelf",     "Browses the call numbers",                                           "Search",    "all",      PRIVILEGE_SEARCH },
    { "heading.browse",     "Headings",                  "Headings",  "Shows headings near the one under the cursor",                       "Edit",      "editor",   PRIVILEGE_SEARCH },
    { "heading.list",       "Browse Headings",           "Browse",    "Looks through names, subjects, series, titles and call numbers",     "Search",    "all",      PRIVILEGE_SEARCH },
    { "heading.use",        "Use Heading",               "Use",       "Puts the heading into the field, or shows the records that have it", "Edit",      "headings", PRIVILEGE_SEARCH },
    { "heading.view",       "View Authority",            "Authority", "Shows the authority record read only",                               "View",      "headings", PRIVILEGE_SEARCH },
    { "heading.bibs",       "Records with It",           "Records",   "Lists the bibs that have this heading",                              "View",      "headings", PRIVILEGE_SEARCH },
    { "heading.expand",     "Expand References",         "Expand",    "Shows the form to use, or what refers to this heading",              "View",      "headings", PRIVILEGE_SEARCH },
    { "heading.kind",       "Next List",                 "List",      "Names, subjects, series, titles, call numbers, shelf",               "View",      "headings", PRIVILEGE_SEARCH },
    { "heading.kind_back",  "Previous List",             "Previous",  "The list before this one",                                           "View",      "headings", PRIVILEGE_SEARCH },
    { "heading.zone",       "Next Zone",                 "Zone",      "Headings of all zones, or of one",                                   "View",      "headings", PRIVILEGE_SEARCH },
    { "heading.source",     "Source of Authorities...",  "Source",    "Only authority records of one source: naf, lcsh, mesh",              "View",      "headings", PRIVILEGE_SEARCH },
    { "heading.edit",       "Edit Record",               "Edit",      "Opens the record in the editor; of a heading its authority record",  "Record",    "headings,headingbibs", PRIVILEGE_CATALOG },
    { "authority.update_bibs", "Update Bibs to This Heading...", "Update bibs", "Bibs that have a former heading get the present one, as a job",    "Record",    "editor,results,record", PRIVILEGE_BULK },
    { "authority.bibs",     "Bibs with This Heading",    "Bibs",      "Lists the bibs that have the heading of the authority record",       "View",      "editor,results,record", PRIVILEGE_SEARCH },
    { "shelf.level",        "Level of the Shelf List",   "Level",     "Call numbers of holdings, of items, those for a time, or all",       "View",      "headings", PRIVILEGE_SEARCH },
    { "shelf.type",         "Type of Call Number...",    "Type",      "Only call numbers of one type: Library of Congress, Dewey, ...",     "View",      "headings", PRIVILEGE_SEARCH },
    { "shelf.library",      "Library...",                "Library",   "Only the shelves of one library",                                    "View",      "headings", PRIVILEGE_SEARCH },
    { "shelf.location",     "Location...",               "Location",  "Only the shelves of one location",                                   "View",      "headings", PRIVILEGE_SEARCH },
    { "number.generate",    "Generate Author Number",    "Cutter",    "Makes an author number for the call number",                         "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "record.text",        "Edit as Text ($EDITOR)",    "Text",      "Opens the record as text in the program that EDITOR or VISUAL names", "Edit",     "editor",   PRIVILEGE_CATALOG },
    { "edit.delimiter",     "Sign of Subfields...",      "Sign",      "What stands before a subfield code: $$, a double dagger or a bar",   "View",      "editor",   PRIVILEGE_NONE },
    { "edit.sort_on_tag",   "Sort on Tag, On or Off",    "Sort on tag", "On: a field goes to the place of its tag when that was typed",     "View",      "editor",   PRIVILEGE_NONE },
    { "field.append",       "Add Field",                 "Field",     "A new field after this one",                                         "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.insert",       "Add Field Before",          "Before",    "A new field before this one",                                        "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "subfield.append",    "Add Subfield",              "Subfield",  "A new subfield at the cursor",                                       "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.remove",       "Remove Field",              "Remove",    "Removes the field; undo brings it back",                             "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.form",         "Open Form Editor",          "Form",      "Shows the positions of the fixed field with their meanings",         "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.cut",          "Cut Field",                 "Cut",       "Takes the field out, to be pasted elsewhere",                        "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.copy",         "Copy Field",                "Copy",      "Copies the field, to be pasted in this or another record",           "Edit",      "editor,record,hits", PRIVILEGE_NONE },
    { "field.paste",        "Paste Field",               "Paste",     "Puts the copied field after this one",                               "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.up",           "Move Field Up",             "Up",        "Moves the field one up",                                             "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.down",         "Move Field Down",           "Down",      "Moves the field one down",                                           "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.mark",         "Mark Field",                "Mark",      "Marks the field, or takes its mark off; block commands take all that are marked", "Edit", "editor", PRIVILEGE_NONE },
    { "field.mark_tag",     "Mark All of This Tag",      "Mark tag",  "Marks every field that has the tag of this one",                     "Edit",      "editor",   PRIVILEGE_NONE },
    { "field.split",        "Split Field",               "Split",     "Splits the field at the cursor into two of the same tag",            "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.join",         "Join Fields",               "Join",      "Joins the field and the next one, or all marked ones, of one tag",   "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "field.sort",         "Sort Fields",               "Sort",      "Sorts all fields, or the marked ones, by tag",                       "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "subfield.cut",       "Cut Subfield",              "Cut $$",    "Takes the subfield out, to be pasted elsewhere",                     "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "subfield.copy",      "Copy Subfield",             "Copy $$",   "Copies the subfield, to be pasted in this or another record",        "Edit",      "editor",   PRIVILEGE_NONE },
    { "subfield.remove",    "Remove Subfield",           "Remove $$", "Removes the subfield under the cursor",                              "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "subfield.left",      "Move Subfield Left",        "Left $$",   "Moves the subfield before the one at its left",                      "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "subfield.right",     "Move Subfield Right",       "Right $$",  "Moves the subfield behind the one at its right",                     "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "subfield.sort",      "Sort Subfields",            "Sort $$",   "Puts the subfields in the order of their codes",                     "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "linked.add",         "Add Alternate Graphic Representation...", "880", "Adds the 880 of this field in a script, with its text to be typed over", "Edit", "editor", PRIVILEGE_CATALOG },
    { "linked.script",      "Change Script...",          "Script",    "Gives the 880 of this field another script",                         "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "linked.link",        "Link Fields",               "Link",      "Links the two marked fields, or this one and its lone 880",          "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "linked.unlink",      "Unlink Fields",             "Unlink",    "Ends the link of this field and its 880",                            "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "linked.flip",        "Flip Fields",               "Flip",      "The field and its 880 change places",                                "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "linked.other",       "Other Half of Pair",        "Other",     "Goes from the field to its 880 and back",                            "Edit",      "editor",   PRIVILEGE_NONE },
    { "linked.show",        "Show Linkage Information",  "Linkage",   "Shows or hides $6 of fields that are linked",                        "View",      "editor",   PRIVILEGE_NONE },
    { "value.choose",       "Choose Value...",           "Values",    "Lists what may stand under the cursor: tags, indicators, subfields, codes", "Edit", "editor",  PRIVILEGE_CATALOG },
    { "help.cursor",        "Help at the Cursor",        "Help",      "Shows what the MARC tables say of what is under the cursor",          "View",      "editor",   PRIVILEGE_NONE },
    { "character.compose",  "Compose Character",         "Compose",   "The next two keys make one character: ' and e, a and e, < and <",    "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "character.insert",   "Insert Character...",       "Character", "Chooses a character by name, code point, mnemonic or from a table",  "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "character.describe", "Name Character",            "Name",      "Says what the character under the cursor is, and whether MARC-8 has it", "View",  "editor",   PRIVILEGE_NONE },
    { "alert.next",         "Next Alert",                "Alert",     "Goes to the next alert",                                             "View",      "editor,alerts", PRIVILEGE_NONE },
    { "alert.previous",     "Previous Alert",            "Previous",  "Goes to the previous alert",                                         "View",      "editor,alerts", PRIVILEGE_NONE },
    { "alert.fix",          "Mend Alert",                "Mend",      "Does what would mend the alert of this field, as one step of undo",  "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "alert.list",         "Alerts",                    "Alerts",    "Lists all alerts of the record",                                     "View",      "editor",   PRIVILEGE_NONE },

    /* moving and small changes, for keymaps that bind letters to them: pane_editor_motion.c */
    { "cursor.left",          "Left",                      "Left",       "One place to the left",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.right",         "Right",                     "Right",      "One place to the right",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.up",            "Up",                        "Up",         "One line up",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.down",          "Down",                      "Down",       "One line down",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.page_up",       "Page Up",                   "Page up",    "One screen up",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.page_down",     "Page Down",                 "Page down",  "One screen down",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.start",         "Start of Field",            "Start",      "To the start of the field's text, once more to its tag",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.end",           "End of Field",              "End",        "To the end of the field",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.next_word",     "Next Word",                 "Word",       "To the next word",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.previous_word", "Previous Word",             "Word back",  "To the word before",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.word_end",      "End of Word",               "Word end",   "To the end of the word",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.first",         "First Field",               "First",      "To the leader",   NULL,        "editor",   PRIVILEGE_NONE },
    { "cursor.last",          "Last Field",                "Last",       "To the last field; with a number, to the field of that tag",   NULL,        "editor",   PRIVILEGE_NONE },
    { "text.insert",          "Type Here",                 "Type",       "Typing begins at the cursor",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.append",          "Type Behind",               "Behind",     "Typing begins behind the cursor",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.insert_start",    "Type at Start",             "At start",   "Typing begins at the start of the field",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.append_end",      "Type at End",               "At end",     "Typing begins at the end of the field",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.delete",          "Delete Character",          "Delete",     "Deletes the character under the cursor",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.delete_back",     "Delete Before",             "Back",       "Deletes the character before the cursor",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.delete_word",     "Delete Word",               "Word",       "Deletes up to the next word or subfield; Put Back brings it",   "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "text.delete_word_back", "Delete Word Before",        "Word back",  "Deletes back to the start of the word",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.cut_to_end",      "Cut to End",                "Cut end",    "Cuts from the cursor to the end of the field",   "Edit",      "editor",   PRIVILEGE_CATALOG },
    { "text.change_word",     "Change Word",               "Change",     "Deletes the word and begins typing",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.change_end",      "Change to End",             "Change end", "Cuts to the end of the field and begins typing",   NULL,        "editor",   PRIVILEGE_CATALOG },
    { "text.put_back",        "Put Back",                  "Put back",   "Puts the text that was cut last at the cursor",   "Edit",      "editor",   PRIVILEGE_CATALOG },

    /* a record edited as text: pane_edited.c */
    { "edited.take",        "Take the Text",             "Take",      "Makes the record what the text says, as one step of undo",           "Record",    "edited",   PRIVILEGE_CATALOG },
    { "edited.again",       "Edit Again",                "Again",     "Goes back to the text as it was left",                               "Record",    "edited",   PRIVILEGE_CATALOG },

    /* find and replace: pane_replace.c */
    { "replace.yes",        "Yes, Replace",              "Yes",       "This change is to be made",                                          "Edit",      "replace",  PRIVILEGE_CATALOG },
    { "replace.no",         "No, Leave It",              "No",        "This change is not to be made",                                      "Edit",      "replace",  PRIVILEGE_CATALOG },
    { "replace.all",        "Yes to All the Rest",       "All",       "Makes this change and all that nothing was said of",                 "Edit",      "replace",  PRIVILEGE_CATALOG },
    { "replace.stop",       "Stop Here",                 "Stop",      "Makes the changes that were said yes to, and no others",             "Edit",      "replace",  PRIVILEGE_CATALOG },

    /* match list: pane_matches.c */
    { "match.view",         "View Match",                "View",      "Shows the matching record read only",                                "Record",    "matches",  PRIVILEGE_SEARCH },
    { "match.edit",         "Edit Match",                "Edit",      "Opens the matching record in the editor",                            "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.execute",      "Execute",                   "Execute",   "Does what is chosen for the match",                                  "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.preview",      "Merge Preview",             "Preview",   "Shows what Copy & Merge would make, field by field",                 "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.merge",        "Copy & Merge",              "Merge",     "Merges the match with the open record; Save updates the match",      "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.overlay",      "Copy & Overlay",            "Overlay",   "Copies the match over the open record; its content is lost",         "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.use",          "Use This One",              "Use it",    "Drops the record being saved and opens the match in its place",      "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.separate",     "Save as Separate Record...", "Separate", "Saves with the reason; this pair is not reported again",             "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.why",             "Why It Matches",            "Why",       "Shows the keys of both records, and which are equal",                     "Record",    "matches",  PRIVILEGE_CATALOG },
    { "match.ignore",       "Save Anyway",               "Save anyway", "Saves a new record in spite of the matches",                       "Record",    "matches",  PRIVILEGE_CATALOG },

    /* merge preview: pane_preview.c */
    { "preview.apply",      "Copy & Merge",              "Copy & Merge", "Puts the shown result into the editor",                           "Record",    "preview",  PRIVILEGE_CATALOG },
    { "preview.toggle",      "Turn Field",                "Turn",      "Turns the field: kept or dropped, or the other value",                 "Edit",      "preview",  PRIVILEGE_NONE },
    { "preview.toggle_tag",  "Turn All of This Tag",      "Turn tag",  "Turns every field of this tag that differs",                           "Edit",      "preview",  PRIVILEGE_NONE },
    { "preview.both",        "Keep Both Values",          "Both",      "Keeps the value that gave way beside the one that was taken",          "Edit",      "preview",  PRIVILEGE_NONE },
    { "preview.undo",        "Turn Back",                 "Back",      "Takes the last turn back; without one, undoes in the editor",          "Edit",      "preview",  PRIVILEGE_NONE },
    { "preview.redo",        "Turn Again",                "Again",     "Makes the turn again that was taken back",                             "Edit",      "preview",  PRIVILEGE_NONE },
    { "preview.swap",        "Swap Sides",                "Swap",      "The other record is the one that stays",                               "Edit",      "preview",  PRIVILEGE_NONE },
    { "preview.overlay",    "Copy & Overlay",            "Copy & Overlay", "Copies the other record over the open one instead",             "Record",    "preview",  PRIVILEGE_CATALOG },
    { "preview.next",       "Next Change",               "Next",      "Goes to the next field that changes",                                "View",      "preview",  PRIVILEGE_NONE },
    { "preview.previous",   "Previous Change",           "Previous",  "Goes to the previous field that changes",                            "View",      "preview",  PRIVILEGE_NONE },
    { "preview.differences","Differences Only",          "Differences", "Shows only fields that differ, or all",                            "View",      "preview",  PRIVILEGE_NONE },

    /* versions: pane_versions.c */
    { "version.view",       "View Version",              "View",      "Shows this version, compared with the open record",                  "View",      "versions", PRIVILEGE_SEARCH },
    { "version.restore",    "Restore Metadata",          "Restore",   "Puts this version into the open record; saved by Save only",         "Record",    "versions", PRIVILEGE_CATALOG },
    { "version.mark",       "Mark to Compare",           "Mark",      "Marks this version; two that are marked are compared with each other", "View",   "versions", PRIVILEGE_SEARCH },
    { "version.restore_field", "Restore Field",          "Restore field", "Puts the field under the cursor into the open record, as the version has it", "Record", "versions", PRIVILEGE_CATALOG },
    { "version.next",       "Next Difference",           "Next",      "Goes to the next field that differs",                                "View",      "versions", PRIVILEGE_SEARCH },
    { "version.blame",      "Who Changed What",          "Who",       "Shows by which version, when and by whom each field was last changed", "View",   "versions,editor", PRIVILEGE_SEARCH },
    { "version.differences","Differences Only",          "Differences", "Shows only the fields that differ, or all",                         "View",      "versions,ruletry,job,edited,expand", PRIVILEGE_SEARCH },

    /* holdings and items: pane_inventory.c */
    { "inventory.holdings", "View Inventory",            "Inventory", "Shows holdings and items of the record",                             "Inventory", "editor,record,results,inventory", PRIVILEGE_SEARCH },
    { "inventory.items",    "View Items",                "Items",     "Shows the items of the record",                                      "Inventory", "editor,record,results,inventory", PRIVILEGE_SEARCH },
    { "holding.new",        "Add Holdings",              "Holdings",  "A new holdings record for the saved bib",                            "Inventory", "editor,inventory,record", PRIVILEGE_HOLDINGS },
    { "item.new",           "Add Item",                  "Item",      "A new item of the holdings record",                                  "Inventory", "inventory,editor", PRIVILEGE_INVENTORY },
    { "inventory.edit",     "Edit Holdings or Item",     "Edit",      "Opens the holdings record or item in its form",                      "Inventory", "inventory", PRIVILEGE_HOLDINGS },
    { "inventory.record",      "Whole Holdings Record",     "Whole record", "Opens all fields of the holdings in the editor, beside their bib",     "Inventory", "inventory,form", PRIVILEGE_HOLDINGS },
    { "inventory.relink",      "Relink to Another Record...", "Relink",    "Hangs these or all holdings with their items on another record",          "Inventory", "inventory", PRIVILEGE_INVENTORY },
    { "inventory.withdraw",    "Withdraw Item or Delete Holdings...", "Withdraw", "Withdraws the item; with the last one it is asked what becomes of holdings and bib", "Inventory", "inventory", PRIVILEGE_WITHDRAW },
    { "inventory.choose",      "Choose from a List",        "List",      "Offers what may stand in this box of the form",                         "Inventory", "form",     PRIVILEGE_HOLDINGS },
    { "inventory.save",     "Save Holdings or Item",     "Save",      "Saves the form",                                                     "Inventory", "form",     PRIVILEGE_HOLDINGS },

    /* rules: pane_rules.c, pane_rule_text.c, pane_rule_try.c, pane_rule_versions.c */
    { "rule.open",           "Open Rule",                 "Open",      "Opens the text of the rule",                                           "Rules",     "rules",    PRIVILEGE_SEARCH },
    { "rule.new",            "New Rule...",               "New",       "A new rule file of the zone",                                          "Rules",     "rules",    PRIVILEGE_RULES },
    { "rule.use",            "Use for...",                "Use for",   "Chooses, or no longer chooses, the rule for a use in this zone",       "Rules",     "rules",    PRIVILEGE_ADMINISTER },
    { "rule.uses",           "Where Rules Are Used",      "Uses",      "Lists the uses of the zone and which rules it has chosen for them",    "Rules",     "rules",    PRIVILEGE_SEARCH },
    { "rule.zone",           "Other Zone",                "Zone",      "Shows the rules of the other zone",                                    "Rules",     "rules",    PRIVILEGE_SEARCH },
    { "rule.versions",       "Versions of the Rule",      "Versions",  "Lists the versions of the rule, to look at or to restore",             "Rules",     "rules,ruletext", PRIVILEGE_SEARCH },
    { "rule.restore",        "Restore Version",           "Restore",   "Puts the text of this version into the editor; Save keeps it",         "Rules",     "ruleversions", PRIVILEGE_RULES },
    { "rule.delete",         "Delete Rule",               "Delete",    "Deletes the zone's own rule, after a question; its versions are kept", "Rules",     "rules",    PRIVILEGE_RULES },
    { "rule.save",           "Save Rule",                 "Save",      "Saves a new version with a note; the text must be free of errors",     "Rules",     "ruletext", PRIVILEGE_RULES },
    { "rule.try",            "Try on a Record",           "Try",       "Shows what the rule does to the open record, and why; nothing is changed", "Rules",     "rules,ruletext", PRIVILEGE_SEARCH },
    { "rule.trial",          "Try on a Set...",           "Try on set", "Tries the rule on all records of a search; nothing is changed",        "Rules",     "rules,ruletext", PRIVILEGE_BULK },
    { "rule.next_fault",     "Next Fault",                "Fault",     "Goes to the next fault of the text",                                   "Rules",     "ruletext", PRIVILEGE_NONE },
    { "rule.previous_fault", "Previous Fault",            "Previous",  "Goes to the previous fault of the text",                               "Rules",     "ruletext", PRIVILEGE_NONE },
    { "rule.order",          "Order of Execution",        "Order",     "Shows the order in which the rules of the file run, or the faults",    "Rules",     "ruletext", PRIVILEGE_NONE },
    { "rule.undo",           "Undo Typing",               "Undo",      "Takes the last change of the text back",                               "Rules",     "ruletext", PRIVILEGE_NONE },
    { "rule.redo",           "Redo Typing",               "Redo",      "Makes the change of the text again",                                   "Rules",     "ruletext", PRIVILEGE_NONE },
    { "rule.cut_line",       "Cut Line",                  "Cut line",  "Takes the line out, to be put elsewhere",                              "Rules",     "ruletext", PRIVILEGE_NONE },
    { "rule.paste_line",     "Paste Line",                "Paste",     "Puts the line that was cut before this one",                           "Rules",     "ruletext", PRIVILEGE_NONE },
    { "rule.editor",         "Edit in $EDITOR",           "Editor",    "Opens the text in the program that EDITOR or VISUAL names",            "Rules",     "ruletext", PRIVILEGE_RULES },

    /* jobs: pane_jobs.c, pane_job.c */
    { "job.open",            "Open Job",                  "Open",      "Shows what the job did, record by record",                             "Record",    "jobs",     PRIVILEGE_SEARCH },
    { "job.record",          "Show Change",               "Change",    "Shows the record before and after",                                    "Record",    "job",      PRIVILEGE_SEARCH },
    { "job.apply",           "Apply Exactly",             "Apply",     "Does precisely what the trial showed, as one job",                     "Record",    "job",      PRIVILEGE_BULK },
    { "job.revert",          "Revert Job",                "Revert",    "Puts back every record that nobody has changed since",                 "Record",    "job,jobs", PRIVILEGE_BULK },
    { "job.filter",          "All or Changed Records",    "All",       "Shows all records of the job, or only those it did something to",      "View",      "job",      PRIVILEGE_NONE },
    { "job.refresh",         "Read Again",                "Refresh",   "Reads the list of jobs again",                                         "View",      "jobs,job", PRIVILEGE_NONE },

    /* gateway log: pane_gateway.c, gateway_filter.c */
    { "gateway.open",          "Open Record",               "Open",      "Shows the record it became or met",                                        "Record",    "gateway",  PRIVILEGE_SEARCH },
    { "gateway.edit",          "Edit Record",               "Edit",      "Opens the record it became or met in the editor and locks it",             "Record",    "gateway",  PRIVILEGE_CATALOG },
    { "gateway.retry",         "Try Again",                 "Try again", "Tries a refused record again under the profile as it is now",             "Record",    "gateway",  PRIVILEGE_CATALOG },
    { "gateway.words",         "Words...",                  "Words",     "Shows only records with these words in title or message",                 "View",      "gateway",  PRIVILEGE_NONE },
    { "gateway.outcome",       "Outcome...",                "Outcome",   "Shows only records that ended so",                                        "View",      "gateway",  PRIVILEGE_NONE },
    { "gateway.day",           "Day...",                    "Day",       "Shows only records of this day"      ,                                    "View",      "gateway",  PRIVILEGE_NONE },
    { "gateway.number",        "OCLC Number...",            "OCLC no.",  "Shows only records with this OCLC number",                                "View",      "gateway",  PRIVILEGE_NONE },
    { "gateway.institution",   "Institution...",            "Institution", "Shows the log of another institution, or of all",                         "View",      "gateway",  PRIVILEGE_ADMINISTER },
    { "gateway.clear",         "Show All",                  "All",       "Takes all filters off",                                                   "View",      "gateway",  PRIVILEGE_NONE },
    { "gateway.refresh",       "Read Again",                "Refresh",   "Reads the log again",                                                     "View",      "gateway",  PRIVILEGE_NONE },

    /* integration profiles: pane_profiles.c, profile_form.c */
    { "profile.open",          "Open Profile",              "Open",      "Opens the form of the profile",                                           "Record",    "profiles", PRIVILEGE_ADMINISTER },
    { "profile.new",           "New Profile",               "New",       "The form of a new profile, with the values that Recto ships",             "Record",    "profiles", PRIVILEGE_ADMINISTER },
    { "profile.password",      "Set Password...",           "Password",  "Sets the gateway password; it is not shown",                              "Record",    "profiles,profile", PRIVILEGE_ADMINISTER },
    { "profile.text",          "Text in $EDITOR",           "Text",      "Opens the profile as a text in the program that EDITOR or VISUAL names; saved when it is sound", "Record",    "profiles", PRIVILEGE_ADMINISTER },
    { "profile.delete",        "Delete Profile",            "Delete",    "Deletes the profile, after a question",                                   "Record",    "profiles", PRIVILEGE_ADMINISTER },
    { "profile.refresh",       "Read Again",                "Refresh",   "Reads the profiles again",                                                "View",      "profiles", PRIVILEGE_ADMINISTER },
    { "profile.save",          "Save Profile",              "Save",      "Checks the form and saves it; it counts with the next record",            "Record",    "profile",  PRIVILEGE_ADMINISTER },
    { "profile.next_value",    "Next Value",                "Next value", "Takes the next value that this line can have",                            "Edit",      "profile",  PRIVILEGE_ADMINISTER },
    { "profile.previous_value", "Previous Value",            "Previous",  "Takes the value before",                                                  "Edit",      "profile",  PRIVILEGE_ADMINISTER },

    /* open records: pane_records.c */
    { "records.list",       "List of Open Records",      "List",      "Lists the open records and drafts",                                  "View",      "all",      PRIVILEGE_NONE },
    { "records.filter",     "Filter List...",            "Filter",    "Shows only records whose title or MMS ID has the typed text",        "View",      "records",  PRIVILEGE_NONE },
    { "records.save_all",   "Save All Listed",           "Save all",  "Saves all records of the list and reports once",                     "Record",    "records,editor", PRIVILEGE_CATALOG },
    { "records.sort",       "Sort List",                 "Sort",      "As opened, by title, by MMS ID, by state; ascending, then descending", "View",    "records",  PRIVILEGE_NONE },
    { "records.group",      "Zones Apart",               "Group",     "Keeps the zones apart in the list",                                  "View",      "records",  PRIVILEGE_NONE },
    { "records.zone",       "One Zone",                  "Zone",      "Shows only the Institution, Network or Community Zone, then all",    "View",      "records",  PRIVILEGE_NONE },
    { "records.tab",        "Next Family",               "Family",    "All records, then only bibliographic, holdings, authority records",  "View",      "records",  PRIVILEGE_NONE },
    { "records.resting",    "Older Drafts",              "Older",     "Lists drafts untouched for 30 days, too, or hides them again",       "View",      "records",  PRIVILEGE_NONE },
    { "records.release_all","Release Listed Records",    "Release all", "Releases all records of the list, after a question",               "Record",    "records",  PRIVILEGE_CATALOG },
    { "records.discard",    "Discard Draft",             "Discard",   "Throws a kept draft away, after a question",                         "Record",    "records",  PRIVILEGE_CATALOG },
};
/* clang-format on */

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

const command *command_table(size_t *count)
{
    *count = COMMAND_COUNT;
    return commands;
}

const command *command_named(const char *name)
{
    for (size_t i = 0; name != NULL && i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* Letters to change, add or drop to make one word of the other; words of the tables are short. */
static size_t distance(const char *one, const char *other)
{
    enum { WORD_MAX = 48 };
    size_t row[WORD_MAX + 1], width = strnlen(other, WORD_MAX), height = strnlen(one, WORD_MAX);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; i <= height; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t best = diagonal + (one[i - 1] != other[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[width];
}

const char *nearest_name(const char *wanted, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t best = strnlen(wanted, 48) / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t away = distance(wanted, names[i]);
        if (away < best) {
            best = away;
            nearest = names[i];
        }
    }
    return nearest;
}

const char *command_nearest(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    return nearest_name(name, names, COMMAND_COUNT);
}
