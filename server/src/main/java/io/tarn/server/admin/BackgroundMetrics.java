package io.tarn.server.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tarn.core.keeper.NodeKeeper;
import io.tarn.core.keeper.WorkFigures;
import java.util.function.ToDoubleFunction;

/**
 * Background work as metrics: {@code tarn.background.backlog}, {@code .done} and {@code .errors}, each by {@code work}, and
 * {@code tarn.unreadable.blocks}. Read when they are asked for; zero while the node starts.
 */
final class BackgroundMetrics implements MeterBinder {
    private final StartedNode node;

    BackgroundMetrics(final StartedNode node) {
        this.node = node;
    }

    @Override
    public void bindTo(final MeterRegistry registry) {
        for (final String work : NodeKeeper.WORKS) {
            Gauge.builder("tarn.background.backlog", node, started -> figure(started, work, WorkFigures::backlog))
                    .description("What is known to wait for background work")
                    .tag("work", work)
                    .register(registry);
            counter(registry, "tarn.background.done", "What background work has done", work, WorkFigures::done);
            counter(registry, "tarn.background.errors", "What background work failed at", work, WorkFigures::errors);
        }
        Gauge.builder(
                        "tarn.unreadable.blocks",
                        node,
                        started -> started.isStarted()
                                ? started.node().unreadable().size()
                                : 0)
                .description("Live blocks that cannot be read")
                .register(registry);
    }

    private void counter(
            final MeterRegistry registry,
            final String name,
            final String description,
            final String work,
            final ToDoubleFunction<WorkFigures> figure) {
        FunctionCounter.builder(name, node, started -> figure(started, work, figure))
                .description(description)
                .tag("work", work)
                .register(registry);
    }

    private static double figure(
            final StartedNode node, final String work, final ToDoubleFunction<WorkFigures> figure) {
        if (!node.isStarted()) {
            return 0;
        }
        return node.node().background().stream()
                .filter(figures -> figures.name().equals(work))
                .mapToDouble(figure)
                .sum();
    }
}
