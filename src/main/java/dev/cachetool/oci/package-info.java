/**
 * The wire values of OCI and Docker registries: descriptors, manifests, indexes, image configs and references.
 *
 * <p>Terms (OCI image-spec): a <em>descriptor</em> points at a blob; a <em>manifest</em> lists a config and layers; an
 * <em>index</em> lists manifests (or, in BuildKit's index form of a cache, blobs). All are immutable. A document keeps the
 * bytes that it was read from, since its digest is theirs.
 *
 * <p>May use {@code digest} and {@code json}.
 */
@NullMarked
package dev.cachetool.oci;

import org.jspecify.annotations.NullMarked;
