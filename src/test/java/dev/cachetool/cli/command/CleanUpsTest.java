package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CleanUpsTest {
    @Test
    void closeAll_whenSomethingFails_closesTheOthersLastFirst() {
        List<String> closed = new ArrayList<>();
        CleanUps cleanUps = new CleanUps();
        cleanUps.register(() -> closed.add("first"));
        cleanUps.register(() -> {
            throw new IOException("fails");
        });
        CleanUps.Registration forgotten = cleanUps.register(() -> closed.add("forgotten"));
        cleanUps.register(() -> closed.add("last"));
        forgotten.forget();
        cleanUps.closeAll();
        cleanUps.closeAll();
        assertEquals(List.of("last", "first"), closed);
    }
}
