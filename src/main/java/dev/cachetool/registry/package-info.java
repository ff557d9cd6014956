/**
 * Registries.
 *
 * <p>Terms: a <em>registry</em> is named {@code host[:port]}; a <em>credential</em> is what proves to one who asks; a
 * <em>credential helper</em> is a program {@code docker-credential-NAME} that hands one out; an <em>auth file</em> is where
 * {@code docker login} and {@code podman login} write credentials, or the names of helpers.
 *
 * <p>No credential, no content of an auth file and nothing that a helper prints is ever part of a message, of what
 * {@code toString} gives, or of a process's arguments.
 *
 * <p>Starts credential helpers as child processes. May use {@code content}, {@code oci}, {@code json}, {@code digest}.
 */
@NullMarked
package dev.cachetool.registry;

import org.jspecify.annotations.NullMarked;
