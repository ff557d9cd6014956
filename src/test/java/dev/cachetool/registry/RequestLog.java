package dev.cachetool.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The requests that a server got, in the order in which their headers were read. */
public final class RequestLog {
    private static final List<String> METHODS = List.of("HEAD", "GET", "POST", "PATCH", "PUT", "DELETE");

    private final List<LoggedRequest> requests = new ArrayList<>();

    /** All so far. */
    public synchronized List<LoggedRequest> requests() {
        return List.copyOf(requests);
    }

    /** Those of the method and kind. */
    public List<LoggedRequest> requests(String method, RequestKind kind) {
        return requests().stream()
                .filter(r -> r.method().equals(method) && r.kind() == kind)
                .toList();
    }

    /** How many there were of the method and kind. */
    public int count(String method, RequestKind kind) {
        return requests(method, kind).size();
    }

    /**
     * How many there were of each kind and method, such as {@code 2 HEAD blob, 1 POST upload, 1 PUT upload, 1 PUT manifest}: kinds
     * in their order, and within each HEAD, GET, POST, PATCH, PUT, DELETE.
     */
    public String summary() {
        return summary(request -> true);
    }

    /** The summary of those that are asked for, such as those that were answered with 200. */
    public String summary(Predicate<LoggedRequest> which) {
        record Sort(RequestKind kind, String method) {}
        Comparator<Sort> order = Comparator.comparing(Sort::kind).thenComparing(sort -> METHODS.indexOf(sort.method()));
        Map<Sort, Integer> counts = new TreeMap<>(order);
        requests().stream().filter(which).forEach(r -> counts.merge(new Sort(r.kind(), r.method()), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().method() + " "
                        + e.getKey().kind())
                .collect(Collectors.joining(", "));
    }

    /** Method and target of those that came more than once, with their number. */
    public Map<String, Long> repeated() {
        Map<String, Long> counts = requests().stream()
                .collect(
                        Collectors.groupingBy(r -> r.method() + " " + r.target(), TreeMap::new, Collectors.counting()));
        counts.values().removeIf(n -> n == 1);
        return counts;
    }

    /** Those in which the text was sent, in whatever place; see {@link LoggedRequest#mentions}. */
    public List<LoggedRequest> mentioning(String text) {
        return requests().stream().filter(r -> r.mentions(text)).toList();
    }

    /** Forgets all so far. */
    public synchronized void clear() {
        requests.clear();
    }

    synchronized LoggedRequest add(LoggedRequest request) {
        requests.add(request);
        return request;
    }

    /** One line a request. */
    @Override
    public String toString() {
        return requests().stream().map(LoggedRequest::toString).collect(Collectors.joining("\n"));
    }
}
