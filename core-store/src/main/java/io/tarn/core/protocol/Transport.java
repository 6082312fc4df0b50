package io.tarn.core.protocol;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Sockets: TCP everywhere, Unix sockets where epoll is. */
public final class Transport {
    private static final String UNIX = "unix:";
    private static final boolean EPOLL = Epoll.isAvailable();

    private static final Duration STOPPING = Duration.ofSeconds(5);

    private Transport() {}

    /**
     * An address from its text.
     *
     * @param endpoint {@code host:port} or {@code unix:/path}
     */
    public static SocketAddress address(final String endpoint) {
        if (endpoint.startsWith(UNIX)) {
            if (!EPOLL) {
                throw new StorageException(Failure.UNSUPPORTED, "this machine has no epoll, and so no Unix sockets");
            }
            return new DomainSocketAddress(endpoint.substring(UNIX.length()));
        }
        final int colon = endpoint.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    endpoint.substring(0, Math.max(0, colon)), Integer.parseInt(endpoint.substring(colon + 1)));
        } catch (final IllegalArgumentException e) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "an endpoint is host:port or unix:/path, not " + endpoint, e);
        }
    }

    public static Class<? extends Channel> channel(final SocketAddress address) {
        if (address instanceof DomainSocketAddress) {
            return EpollDomainSocketChannel.class;
        }
        return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    public static Class<? extends ServerChannel> serverChannel(final SocketAddress address) {
        if (address instanceof DomainSocketAddress) {
            return EpollServerDomainSocketChannel.class;
        }
        return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public static EventLoopGroup eventLoops(final int threads, final String name) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory(name, /* daemon= */ true),
                EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** Waits until the threads are gone. */
    public static void close(final EventLoopGroup loops) {
        final Future<?> closed = loops.shutdownGracefully(0, STOPPING.toMillis(), TimeUnit.MILLISECONDS);
        closed.awaitUninterruptibly(STOPPING.toMillis());
    }
}
