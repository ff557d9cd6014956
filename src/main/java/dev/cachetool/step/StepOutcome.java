package dev.cachetool.step;

import dev.cachetool.store.ImmutableRef;
import java.util.Optional;

/**
 * What a step gave.
 *
 * @param outputs its outputs as one tree, held for the caller
 * @param milliseconds how long it ran
 * @param printed what it printed on both streams, as it came, up to a limit; the last part of it where it was more
 * @param distrust why it must not be saved: an input changed while it ran; empty where nothing speaks against it
 */
public record StepOutcome(ImmutableRef outputs, long milliseconds, byte[] printed, Optional<String> distrust) {}
