package dev.cachetool.cli.output;

import java.time.Duration;
import java.time.Instant;

/** Figures as people read them: sizes in MB (1,000,000 bytes), times in seconds, ages in words. */
public final class Figures {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Figures() {}

    /** {@code 12.4 MB}; below 0.1 MB {@code 4.1 KB}, below 1,000 bytes {@code 412 B}. */
    public static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        return bytes < 100_000 ? tenths(bytes, 1_000) + " KB" : tenths(bytes, 1_000_000) + " MB";
    }

    /** {@code 0.4 s}; from 20 seconds on without a fraction. */
    public static String seconds(long milliseconds) {
        return (milliseconds < 20_000 ? tenths(milliseconds, 1_000) : count((milliseconds + 500) / 1_000)) + " s";
    }

    /** {@code 2 days old}. */
    public static String age(Instant then, Instant now) {
        long seconds = Duration.between(then, now).toSeconds();
        if (then.getEpochSecond() < 0) {
            return "of unknown age";
        }
        if (seconds < -DAY) {
            return "dated ahead";
        }
        if (seconds < MINUTE) {
            return "just made";
        }
        if (seconds < HOUR) {
            return old(seconds / MINUTE, "minute");
        }
        if (seconds < DAY) {
            return old(seconds / HOUR, "hour");
        }
        long days = seconds / DAY;
        if (days < 14) {
            return old(days, "day");
        }
        if (days < 60) {
            return old(days / 7, "week");
        }
        return days < 730 ? old(days * 12 / 365, "month") : old(days / 365, "year");
    }

    /** {@code 2 days ago}, of something that was done. */
    public static String ago(Instant then, Instant now) {
        String age = age(then, now);
        return age.endsWith(" old") ? age.substring(0, age.length() - "old".length()) + "ago" : "just now";
    }

    /** {@code 1,234,567}. */
    public static String count(long number) {
        String digits = Long.toString(Math.abs(number));
        StringBuilder grouped = new StringBuilder(number < 0 ? "-" : "");
        for (int i = 0; i < digits.length(); i++) {
            if (i > 0 && (digits.length() - i) % 3 == 0) {
                grouped.append(',');
            }
            grouped.append(digits.charAt(i));
        }
        return grouped.toString();
    }

    /** {@code 1 file}, {@code 1,234 files}. */
    public static String count(long number, String noun) {
        return count(number) + " " + plural(number, noun);
    }

    /** The noun for so many. */
    static String plural(long number, String noun) {
        if (number == 1) {
            return noun;
        }
        return switch (noun) {
            case "vertex" -> "vertices";
            case "leaf" -> "leaves";
            case "miss" -> "misses";
            default -> noun + "s";
        };
    }

    private static String old(long number, String unit) {
        return count(number, unit) + " old";
    }

    private static String tenths(long number, long unit) {
        long tenths = (number + unit / 20) / (unit / 10);
        return count(tenths / 10) + "." + tenths % 10;
    }
}
