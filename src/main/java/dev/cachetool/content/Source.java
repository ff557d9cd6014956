package dev.cachetool.content;

import java.io.Closeable;

/** A place that caches are read from: a layout as directory or tar, a registry. The opener closes it. */
public interface Source extends Provider, Resolver, Closeable {
    /** What people call the place, as it is shown in messages; holds no credentials. */
    String name();
}
