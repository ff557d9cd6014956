package dev.cachetool.registry;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Which requests a fault happens to: every one of a method and kind, unless told otherwise. All that passed the access control
 * are counted, whatever other rules do with them.
 */
public final class FaultRule {
    private final Predicate<ServedRequest> which;
    private final Consumer<FaultRule> installer;
    private final AtomicInteger met = new AtomicInteger();
    private final AtomicInteger applied = new AtomicInteger();
    private IntPredicate turn = n -> true;
    private Fault fault = (request, right) -> right.answer(request);

    FaultRule(Predicate<ServedRequest> which, Consumer<FaultRule> installer) {
        this.which = which;
        this.installer = installer;
    }

    /** Happens to the first so many only. */
    public FaultRule first(int n) {
        turn = i -> i <= n;
        return this;
    }

    /** Happens to this one only, counted from 1. */
    public FaultRule nth(int n) {
        turn = i -> i == n;
        return this;
    }

    /** Happens to all but the first so many. */
    public FaultRule after(int n) {
        turn = i -> i > n;
        return this;
    }

    /** Happens to every so manieth: 2 is the second, the fourth… */
    public FaultRule every(int n) {
        turn = i -> i % n == 0;
        return this;
    }

    /** From now on, this is what happens. */
    public FaultRule then(Fault what) {
        fault = what;
        installer.accept(this);
        return this;
    }

    /** How often it happened; a fault that is outside of this one may have kept it from that. */
    public int applied() {
        return applied.get();
    }

    /** Counts the request where it is one of the rule's, and says whether it is its turn. */
    boolean takes(ServedRequest request) {
        return which.test(request) && turn.test(met.incrementAndGet());
    }

    ServedResponse answer(ServedRequest request, Fault.Right right) throws IOException {
        applied.incrementAndGet();
        return fault.answer(request, right);
    }
}
