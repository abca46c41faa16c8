/* tests/support/json_tree.h - a JSON file as a tree, for tests that read reference data. Not for hostile input. */
#ifndef RECTO_TESTS_JSON_TREE_H
#define RECTO_TESTS_JSON_TREE_H

#include <stdbool.h>

typedef struct json_node {
    char *key;   /* of a member; else NULL */
    char *value; /* of a string, number, true, false, null, as text; NULL for objects and arrays */
    struct json_node *first, *next;
} json_node;

json_node *json_tree_parse(const char *bytes); /* yours to free; NULL when it is no JSON */
void json_tree_free(json_node *node);
const json_node *json_tree_member(const json_node *node, const char *key); /* NULL: none, or node is NULL */
const char *json_tree_string(const json_node *node, const char *key);      /* "" when there is none */
bool json_tree_true(const json_node *node, const char *key);

#endif
