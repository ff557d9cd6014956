package dev.cachetool.registry;

import okhttp3.HttpUrl;

/** Addresses as people may see them: without user, password, query and fragment, which may hold secrets. */
final class Urls {
    private Urls() {}

    /** The address without what may be secret. */
    static String shown(HttpUrl url) {
        String port = url.port() == HttpUrl.defaultPort(url.scheme()) ? "" : ":" + url.port();
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        return url.scheme() + "://" + host + port + url.encodedPath();
    }
}
