package io.tarn.core.service;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.LockListener;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.Transport;
import io.tarn.core.protocol.wire.AwaitAnswer;
import io.tarn.core.protocol.wire.AwaitRequest;
import io.tarn.core.protocol.wire.Done;
import io.tarn.core.protocol.wire.PinAnswer;
import io.tarn.core.protocol.wire.PinRequest;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.Recalls;
import io.tarn.core.session.ShardSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Names and extents of a node for clients in other processes, by gRPC over TCP and Unix sockets. Calls are parsed on {@value #EVENT_LOOPS}
 * event loops and carried out on virtual threads. Thread-safe.
 */
public final class NodeService implements LockListener, Recalls.Elsewhere, AutoCloseable {
    private static final int EVENT_LOOPS = 2;
    private static final int CONNECTION_CALLS_MAX = 2_048;
    private static final int CONNECTION_WINDOW_BYTES = 4 << 20;
    private static final int METADATA_BYTES_MAX = 8 << 10;
    private static final Duration KEEP_ALIVE_MIN = Duration.ofSeconds(5);
    private static final Duration IDLE_CONNECTION = Duration.ofMinutes(5);
    private static final Duration AWAIT_MAX = Duration.ofMinutes(1);
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration STOPPING = Duration.ofSeconds(5);

    private final ServiceParts parts;
    private final ClientSessions sessions;
    private final List<ServerServiceDefinition> services;
    private final List<Server> servers = new ArrayList<>();
    private final EventLoopGroup acceptors = Transport.eventLoops(1, "rpc-accept");
    private final EventLoopGroup loops = Transport.eventLoops(EVENT_LOOPS, "rpc");
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rpc-sessions").factory());

    private final Future<?> ticks;

    public NodeService(final ServiceParts parts, final ServiceLimits limits) {
        this.parts = parts;
        this.sessions = new ClientSessions(parts, limits, InstantSource.system(), System::nanoTime);
        final UnaryCalls calls = new UnaryCalls(sessions, new Admission(limits), System::nanoTime);
        final Rights rights = new Rights(parts.volumes(), parts.shards());
        this.services = List.of(session(calls), names(calls, rights), extents(calls, rights));
        this.ticks =
                ticker.scheduleWithFixedDelay(sessions::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ServerServiceDefinition session(final UnaryCalls calls) {
        return ServerServiceDefinition.builder(Methods.SESSION)
                .addMethod(Methods.CHALLENGE, calls.open(question -> sessions.challenge()))
                .addMethod(Methods.OPEN, calls.open(sessions::open))
                .addMethod(Methods.TAKE_OVER, calls.withToken((token, question) -> sessions.takeOver(token)))
                .addMethod(Methods.CLOSE, calls.of((session, question) -> {
                    sessions.close(session);
                    return Done.getDefaultInstance();
                }))
                .addMethod(Methods.ATTEND, new AttendCalls(calls, sessions))
                .build();
    }

    private ServerServiceDefinition names(final UnaryCalls calls, final Rights rights) {
        final CommandCalls commands = new CommandCalls(parts.shards(), parts.names(), rights);
        final QuestionCalls questions =
                new QuestionCalls(parts.names(), parts.administration(), parts.changes(), rights);
        return ServerServiceDefinition.builder(Methods.NAMES)
                .addMethod(Methods.PROPOSE, calls.of(commands::propose))
                .addMethod(Methods.ASK, calls.of(questions::answer))
                .addMethod(Methods.AWAIT, calls.of((session, wait) -> await(rights, session, wait), true))
                .addMethod(Methods.PIN, calls.of(this::pin))
                .addMethod(Methods.UNPIN, calls.of((session, request) -> {
                    request.getPinsList().forEach(session::unpin);
                    return Done.getDefaultInstance();
                }))
                .build();
    }

    private ServerServiceDefinition extents(final UnaryCalls calls, final Rights rights) {
        final ExtentCalls extents = new ExtentCalls(parts, LocalProof.write(parts.extentDirectory()), rights);
        return ServerServiceDefinition.builder(Methods.EXTENTS)
                .addMethod(Methods.CREATE, calls.of((session, request) -> {
                    extents.create(session, request);
                    return Done.getDefaultInstance();
                }))
                .addMethod(Methods.SEAL, calls.of((session, request) -> {
                    extents.seal(session, request);
                    return Done.getDefaultInstance();
                }))
                .addMethod(Methods.REQUIRE_ROOM, calls.of((session, request) -> {
                    extents.requireRoom(request.getBytes());
                    return Done.getDefaultInstance();
                }))
                .addMethod(Methods.LOCATE, calls.of((session, request) -> extents.locate()))
                .addMethod(Methods.READ, calls.of(extents::read))
                .addMethod(Methods.APPEND, new AppendCalls(calls, extents))
                .build();
    }

    private AwaitAnswer await(final Rights rights, final ClientSession session, final AwaitRequest request) {
        rights.requireVolume(session, request.getVolume());
        final Duration timeout = Duration.ofMillis(Math.clamp(request.getTimeoutMillis(), 0, AWAIT_MAX.toMillis()));
        return AwaitAnswer.newBuilder()
                .setThere(parts.changes().await(request.getVolume(), request.getFrom(), timeout))
                .build();
    }

    private PinAnswer pin(final ClientSession session, final PinRequest request) {
        final ShardSession shard = parts.shards().number(request.getShard());
        final long now = shard.shard().appliedIndex();
        final boolean again = request.getIndex() > 0;
        final long index = again ? Math.min(request.getIndex(), now) : now;
        final Optional<ReadPins.Pin> pin =
                again ? shard.pins().again(index) : Optional.of(shard.pins().pin(index));
        return PinAnswer.newBuilder()
                .setPin(session.keep(pin.orElseThrow(
                        () -> new StorageException(Failure.NOT_FOUND, "what was pinned may have been given back"))))
                .setIndex(index)
                .build();
    }

    /**
     * Begins to answer at an address; several may be listened at.
     *
     * @return where it listens, the port chosen where none was given
     */
    public SocketAddress listen(final SocketAddress address) {
        final Server server = NettyServerBuilder.forAddress(address)
                .channelType(Transport.serverChannel(address))
                .bossEventLoopGroup(acceptors)
                .workerEventLoopGroup(loops)
                .directExecutor()
                .maxInboundMessageSize(Methods.MESSAGE_BYTES_MAX)
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .maxConcurrentCallsPerConnection(CONNECTION_CALLS_MAX)
                .flowControlWindow(CONNECTION_WINDOW_BYTES)
                .permitKeepAliveTime(KEEP_ALIVE_MIN.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(IDLE_CONNECTION.toMillis(), TimeUnit.MILLISECONDS)
                .addServices(services)
                .build();
        try {
            server.start();
        } catch (final IOException e) {
            throw new StorageException(Failure.UNAVAILABLE, "cannot listen at " + address + ": " + e.getMessage(), e);
        }
        servers.add(server);
        return server.getListenSockets().getFirst();
    }

    @Override
    public void granted(final long session, final long ticket) {
        sessions.granted(session, ticket);
    }

    /** Tells a client that a directory is wanted which it holds. */
    @Override
    public void recall(final long session, final long directory) {
        sessions.recall(session, directory);
    }

    /** Sessions of clients that are connected, or were not long ago. */
    public int connected() {
        return sessions.connected();
    }

    /** Sends clients away; their sessions stay until their time is over. */
    @Override
    public void close() {
        ticks.cancel(true);
        ticker.shutdownNow();
        servers.forEach(Server::shutdown);
        sessions.close();
        servers.forEach(NodeService::stop);
        Transport.close(acceptors);
        Transport.close(loops);
    }

    private static void stop(final Server server) {
        try {
            if (!server.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (final InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
