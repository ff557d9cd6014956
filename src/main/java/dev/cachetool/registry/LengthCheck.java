package dev.cachetool.registry;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.regex.Pattern;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Refuses answers whose {@code Content-Length} is none: OkHttp would read on as if it were one, and fail of itself. */
final class LengthCheck implements Interceptor {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String length = response.header("Content-Length");
        if (length != null && !LENGTH.matcher(length).matches()) {
            // Thrown here, it ends the connection. Closing the answer would be to pass over its body.
            throw new ProtocolException("the answer says a length that is none");
        }
        return response;
    }
}
