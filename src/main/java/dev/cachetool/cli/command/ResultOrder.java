package dev.cachetool.cli.command;

import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How records with a result are sorted. */
enum ResultOrder {
    /** The largest first. */
    SIZE,
    /** The newest first. */
    AGE,
    /** By name; those without one last, by digest. */
    NAME;

    /** As they are written, the default first. */
    static final List<String> WORDS = Stream.of(values())
            .map(order -> order.name().toLowerCase(Locale.ROOT))
            .toList();

    static ResultOrder of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Of records that have a result, each at a place of its own. */
    Comparator<RecordView> comparator() {
        Comparator<RecordView> comparator = switch (this) {
            case SIZE -> Comparator.comparingLong(each -> -result(each).bytes());
            case AGE ->
                Comparator.comparing((RecordView each) -> result(each).createdAt())
                        .reversed();
            case NAME ->
                Comparator.<RecordView, Boolean>comparing(each -> each.names().isEmpty())
                        .thenComparing(RecordView::label);
        };
        return comparator.thenComparing(RecordView::identity);
    }

    private static ResultView result(RecordView record) {
        return record.result().orElseThrow();
    }
}
