package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.inspect.Audience;
import java.time.Instant;
import java.util.List;

/**
 * What {@code verify} is asked.
 *
 * @param places the caches to judge
 * @param deep whether every blob is read
 * @param audiences who is to keep or read the caches
 * @param now against which times are in the future
 * @param access how registries are reached
 */
public record VerifyOptions(List<Place> places, boolean deep, List<Audience> audiences, Instant now, Access access) {
    public VerifyOptions {
        places = List.copyOf(places);
        audiences = List.copyOf(audiences);
    }
}
