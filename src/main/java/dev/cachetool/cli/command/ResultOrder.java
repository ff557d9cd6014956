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
    SIZE(Comparator.comparingLong(each -> -result(each).bytes())),
    /** The newest first. */
    AGE(Comparator.comparing((RecordView each) -> result(each).createdAt()).reversed()),
    /** By name; those without one last, by digest. */
    NAME(Comparator.<RecordView, Boolean>comparing(each -> each.names().isEmpty())
            .thenComparing(RecordView::label));

    /** As they are written, the default first. */
    static final List<String> WORDS = Stream.of(values())
            .map(order -> order.name().toLowerCase(Locale.ROOT))
            .toList();

    private final Comparator<RecordView> comparator;

    ResultOrder(Comparator<RecordView> comparator) {
        this.comparator = comparator.thenComparing(RecordView::identity);
    }

    static ResultOrder of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Of records that have a result, each at a place of its own. */
    Comparator<RecordView> comparator() {
        return comparator;
    }

    private static ResultView result(RecordView record) {
        return record.result().orElseThrow();
    }
}
