/* tests/rules/java_expressions_test.c - expressions are written as Java takes them: what means the same here is taken, and what
 * would mean something else, or nothing, is refused with its place. */
#include "support.h"

#include "../../src/rules/pattern.h"

#include <string.h>

static bool compiles(const char *java, text_fault *fault)
{
    expression *made = NULL;
    const bool good = expression_compile(&made, text_from(java), false, "bad-expression", fault);
    expression_free(made);
    return good;
}

static void taken(const char *java)
{
    text_fault fault;
    if (!compiles(java, &fault))
        fail_msg("%s is refused: %s", java, fault.message);
}

static void refused(const char *java)
{
    text_fault fault;
    if (compiles(java, &fault))
        fail_msg("%s is taken", java);
    assert_string_equal(fault.code, "bad-expression");
    assert_true(fault.message[0] != '\0');
}

static void properties__go_by_the_names_of_java(void **state)
{
    (void)state;
    taken("\\\\p{Lu}+");
    taken("\\\\pL+");
    taken("\\\\p{IsCyrillic}+");
    taken("\\\\P{Digit}");
    taken("\\\\p{IsUppercase}\\\\P{IsAlphabetic}");
    taken("[\\\\p{Upper}1]");
    taken("\\\\u0041");
    refused("\\\\p{InGreek}");
    refused("\\\\p{javaLowerCase}");
    refused("\\\\p{script=Latin}");
    refused("\\\\u00");
    refused("\\\\C");
    refused("\\\\K");
}

static void groups_and_classes__that_java_has_not_are_refused(void **state)
{
    (void)state;
    taken("(?i)ab");
    taken("(?<=x)a");
    refused("[^]]");
    refused("(*ACCEPT)");
    refused("(?R)");
    refused("(?U)a");
    refused("[a[b]]");
    refused("[a&&b]");
    refused("[]");
    refused("a{2,1}");
    refused("(a");
    refused("(?i");
    refused("a\\\\");
}

static void an_expression__has_a_length(void **state)
{
    char many[9000];
    (void)state;
    memset(many, 'a', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    refused(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties__go_by_the_names_of_java),
        cmocka_unit_test(groups_and_classes__that_java_has_not_are_refused),
        cmocka_unit_test(an_expression__has_a_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
