package io.tarn.server.admin;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.tarn.server.config.ServerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The Spring Boot application: admin API, health and metrics on one listener. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AdminServer {
    /** Requests in work at a time, each on a virtual thread; further ones wait. */
    private static final int MAX_CALLS = 64;

    private static final int MAX_WAITING = 1024;
    private static final int IDLE_SECONDS = 10;
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(1);

    /**
     * Starts the listener. Readiness stays refused until {@code whenUp} has returned.
     *
     * @param node given to the requests once it is set
     * @param whenUp brings up the rest and sets the node; its failure ends the application
     */
    public static ConfigurableApplicationContext start(
            final ServerConfig.Admin config,
            final StartedNode node,
            final BiConsumer<ConfigurableApplicationContext, StartedNode> whenUp) {
        final SpringApplication application = new SpringApplication(AdminServer.class);
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(
                Map.of("server.address", config.bind(), "server.port", Integer.toString(config.port())));
        application.addInitializers(
                context -> ((GenericApplicationContext) context).registerBean(StartedNode.class, () -> node));
        application.addListeners((ApplicationStartedEvent event) -> whenUp.accept(event.getApplicationContext(), node));
        return application.run();
    }

    /** The port it listens on. */
    public static int port(final ConfigurableApplicationContext context) {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    /** Event loops of this listener alone, so that closing it leaves others in the process running, and is quick. */
    @Bean
    ReactorResourceFactory eventLoops() {
        final ReactorResourceFactory factory = new ReactorResourceFactory();
        factory.setUseGlobalResources(false);
        factory.setShutdownQuietPeriod(Duration.ZERO);
        factory.setShutdownTimeout(SHUTDOWN_TIMEOUT);
        return factory;
    }

    @Bean(destroyMethod = "dispose")
    Scheduler blockingCalls() {
        return Schedulers.newBoundedElastic(
                MAX_CALLS, MAX_WAITING, Thread.ofVirtual().name("admin-", 0).factory(), IDLE_SECONDS);
    }

    @Bean
    RouterFunction<ServerResponse> api(final StartedNode node, final Scheduler blockingCalls) {
        return new AdminApi(node, blockingCalls).routes();
    }

    @Bean
    HealthIndicator shards(final StartedNode node) {
        return () -> {
            if (!node.isStarted()) {
                return Health.outOfService().withDetail("starting", true).build();
            }
            final var troubles = node.node().troubles();
            final Health.Builder health =
                    troubles.isEmpty() ? Health.up() : Health.down().withDetail("troubles", troubles);
            return health.withDetail(
                            "unreadableBlocks", node.node().unreadable().size())
                    .build();
        };
    }

    @Bean
    MeterBinder backgroundWork(final StartedNode node) {
        return new BackgroundMetrics(node);
    }
}
