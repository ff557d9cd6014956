package dev.cachetool.cli.command;

import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.inspect.Finding;
import java.util.List;

/**
 * What is wrong with caches.
 *
 * @param caches in the order in which they were named
 */
public record VerifyAnswer(List<Verdict> caches) {
    public VerifyAnswer {
        caches = List.copyOf(caches);
    }

    /**
     * What is wrong with one.
     *
     * @param source where it is; with a problem where it could not be judged
     * @param findings what is wrong, worst first
     * @param records how many there are
     * @param blobs how many were looked for, or read where all were to be
     * @param bytes the size of those that were read
     */
    public record Verdict(SourceRow source, List<Finding> findings, long records, long blobs, long bytes) {
        public Verdict {
            findings = List.copyOf(findings);
        }

        /** How many findings are that bad. */
        public long count(Finding.Severity severity) {
            return findings.stream()
                    .filter(finding -> finding.kind().severity() == severity)
                    .count();
        }
    }

    /** How many findings are that bad. */
    public long count(Finding.Severity severity) {
        return caches.stream().mapToLong(each -> each.count(severity)).sum();
    }
}
