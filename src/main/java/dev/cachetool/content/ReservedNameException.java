package dev.cachetool.content;

import java.io.IOException;

/** A name cannot stand in a layer, because it means a deletion there (OCI image-spec, layer.md, "Whiteouts"). */
public final class ReservedNameException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String path;

    public ReservedNameException(String path) {
        super("could not pack \"" + FileNames.shown(path) + "\": in a layer, a name that begins with \""
                + Whiteout.PREFIX + "\" means a deletion");
        this.path = path;
    }

    /** The path in its tree. */
    public String path() {
        return path;
    }
}
