/**
 * OCI registries (OCI distribution-spec 1.1, and Docker's registry API v2) as places that caches are read from and written
 * to.
 *
 * <p>Terms: a <em>registry</em> is a server, named {@code host[:port]}; a <em>repository</em> is a name on it; the
 * <em>side</em> of a client is what it does there, pull or push, since people log in to each apart. A <em>session</em> is an
 * upload that was begun; a <em>try</em> is one request. A <em>credential</em> is what proves to a registry who asks; a
 * <em>credential helper</em> is a program {@code docker-credential-NAME} that hands one out; an <em>auth file</em> is where
 * {@code docker login} and {@code podman login} write credentials, or the names of helpers.
 *
 * <p>Nothing from a registry is trusted: every document has a size bound, every byte is checked against its digest. A
 * credential goes to the registry's own host and port and to the token server that it names, nowhere else; none is ever
 * part of a message, of what {@code toString} gives, or of a process's arguments.
 *
 * <p>The only user of OkHttp. Starts credential helpers as child processes. May use {@code content}, {@code oci},
 * {@code json}, {@code digest}.
 */
@NullMarked
package dev.cachetool.registry;

import org.jspecify.annotations.NullMarked;
