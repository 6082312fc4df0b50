package io.tarn.core.namespace;

import java.util.ArrayList;
import java.util.List;

/** Collects findings up to a bound: a store that is broken throughout is described by its first thousand wounds. */
final class Findings {
    static final int FINDINGS_MAX = 1_000;

    private final List<Finding> findings = new ArrayList<>();

    // Audits pass literals; the annotation that would check them costs a dependency at run time.
    @SuppressWarnings("AnnotateFormatMethod")
    void add(final String format, final Object... arguments) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(new Finding(format.formatted(arguments)));
        } else if (findings.size() == FINDINGS_MAX) {
            findings.add(new Finding("more than " + FINDINGS_MAX + " findings; the rest is left out"));
        }
    }

    @SuppressWarnings("AnnotateFormatMethod")
    void expect(final boolean holds, final String format, final Object... arguments) {
        if (!holds) {
            add(format, arguments);
        }
    }

    List<Finding> all() {
        return List.copyOf(findings);
    }
}
