package io.tarn.core.remote;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.Transport;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a node, made again whenever it is lost. A call costs two hops to the event loop and back; its answer is parsed there.
 * Thread-safe; calls block (made for virtual threads), with a bounded number under way.
 */
final class Wire implements AutoCloseable {
    private static final int MESSAGE_BYTES_MAX = 4 * Methods.MESSAGE_BYTES_MAX;
    private static final int WINDOW_BYTES = 4 << 20;
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final EventLoopGroup loops = Transport.eventLoops(1, "rpc-client");
    private final ManagedChannel channel;
    private final Semaphore calls;
    private final Duration attemptTimeout;

    Wire(final SocketAddress address, final RemoteOptions options) {
        this.calls = new Semaphore(options.callsInFlight());
        this.attemptTimeout = options.attemptTimeout();
        this.channel = NettyChannelBuilder.forAddress(address)
                .overrideAuthority("tarn")
                .channelType(Transport.channel(address))
                .eventLoopGroup(loops)
                .directExecutor()
                .usePlaintext()
                .disableRetry()
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .flowControlWindow(WINDOW_BYTES)
                .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    /**
     * One attempt of a call.
     *
     * @throws StorageException what the node said; {@link LostCall} when it said nothing
     */
    <Q, A> A attempt(final MethodDescriptor<Q, A> method, final Q question, final Metadata headers) {
        return attempt(method, question, headers, attemptTimeout);
    }

    <Q, A> A attempt(
            final MethodDescriptor<Q, A> method, final Q question, final Metadata headers, final Duration timeout) {
        acquire();
        try {
            final ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
            final Pending<A> pending = new Pending<>();
            call.start(pending, headers);
            call.request(2);
            call.sendMessage(question);
            call.halfClose();
            return pending.await(call, timeout);
        } finally {
            calls.release();
        }
    }

    private void acquire() {
        try {
            calls.acquire();
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(
                    Failure.UNAVAILABLE, "interrupted while other calls were under way", interrupted);
        }
    }

    /** A call of many messages. */
    <Q, A> ClientCall<Q, A> stream(final MethodDescriptor<Q, A> method) {
        return channel.newCall(method, CallOptions.DEFAULT);
    }

    /** The next call tries to connect at once. */
    void hurry() {
        channel.resetConnectBackoff();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                channel.shutdownNow();
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Transport.close(loops);
    }
}
