/**
 * What real BuildKit wrote, and how to compare with it: the cases under {@code src/test/resources/fixtures/buildkit} (see
 * the README there), and the comparison of two cache configs.
 */
@NullMarked
package dev.cachetool.golden;

import org.jspecify.annotations.NullMarked;
