package dev.cachetool.registry;

import java.util.Locale;

/** What a request is for (OCI distribution-spec 1.1, "Endpoints"), in the order of a summary. */
public enum RequestKind {
    /** {@code /v2/}. */
    PING,
    /** {@code /token}. */
    TOKEN,
    /** A blob, to look at, fetch or delete. */
    BLOB,
    /** An upload that begins by asking for a blob of another repository. */
    MOUNT,
    /** Any other request of an upload. */
    UPLOAD,
    /** A manifest. */
    MANIFEST,
    /** A list of tags. */
    TAGS,
    /** Anything else. */
    OTHER;

    static RequestKind of(String method, String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        if (path.equals("/v2/") || path.equals("/v2")) {
            return PING;
        }
        if (path.equals(FaultyRegistry.TOKEN_PATH)) {
            return TOKEN;
        }
        if (!path.startsWith("/v2/")) {
            return OTHER;
        }
        if (path.contains("/blobs/uploads/")) {
            return method.equals("POST") && ServedRequest.form(query).containsKey("mount") ? MOUNT : UPLOAD;
        }
        if (path.contains("/blobs/")) {
            return BLOB;
        }
        if (path.contains("/manifests/")) {
            return MANIFEST;
        }
        return path.endsWith("/tags/list") ? TAGS : OTHER;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
