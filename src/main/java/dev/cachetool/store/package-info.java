/**
 * The local store: blobs, the file trees of results, keys and links that outlive a process, and what is held of them.
 *
 * <p>Terms: a <em>ref</em> is the cache-transfer ref of moby/buildkit issue 224: something of the store that a process
 * holds. A {@link dev.cachetool.store.MutableRef} is a folder that is being filled; committed, it is an
 * {@link dev.cachetool.store.ImmutableRef}, whose content never changes. A {@link dev.cachetool.store.LocalImmutableRef}
 * has its files here; a {@link dev.cachetool.store.RemoteImmutableRef} is lazy: layers that lie elsewhere, pulled when
 * somebody reads them. A <em>snapshot</em> is the file tree of a ref as a folder. A store is a folder that several
 * processes share without a daemon.
 *
 * <p>May use {@code solver}, {@code cachemap}, {@code content}, {@code pattern}, {@code oci}, {@code digest}, {@code json}.
 */
@NullMarked
package dev.cachetool.store;

import org.jspecify.annotations.NullMarked;
