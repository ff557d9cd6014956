/**
 * What stands behind the verbs: each service puts the packages below together for one run of one verb, and answers with
 * plain records for the renderers.
 *
 * <p>Terms are those of the packages below. Nothing here prints. May use everything but picocli and the standard streams.
 */
@NullMarked
package dev.cachetool.cli.service;

import org.jspecify.annotations.NullMarked;
