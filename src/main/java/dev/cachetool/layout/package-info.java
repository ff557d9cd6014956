/**
 * OCI layouts (OCI image-spec, image-layout.md), as a directory and as a tarball: BuildKit's {@code type=local} and cachetool's
 * {@code type=tar}.
 *
 * <p>Terms: the <em>layout index</em> is {@code index.json}; an <em>entry</em> of it names a manifest, its tag stands in the
 * annotation {@code org.opencontainers.image.ref.name}. A layout is read with and without the file {@code oci-layout}, which
 * old versions of BuildKit did not write.
 *
 * <p>May use {@code content}, {@code oci}, {@code json}, {@code digest}.
 */
@NullMarked
package dev.cachetool.layout;

import org.jspecify.annotations.NullMarked;
