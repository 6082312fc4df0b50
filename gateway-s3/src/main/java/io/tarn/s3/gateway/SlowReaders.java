package io.tarn.s3.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Closes a connection whose client takes its answers more slowly than {@link Pace} allows. The time counts that bytes wait
 * because the socket takes no more; a connection that has nothing to send may be as quiet as it likes.
 *
 * <p>The system takes bytes ahead of the client and asks for more in lumps, with its own buffers of megabytes in lumps so large that a slow client
 * seems to stand still. So it is told to hold no more than {@link #UNSENT_BYTES_MAX} beyond what is in flight; what a
 * window shows of the client's pace is wrong by half of that at most, and never to the disadvantage of one that is that much faster.
 *
 * <p>Cost: a field read a write and a flush while the client keeps up; one timer for each window in which it does not. One per connection,
 * nearest to the socket; used on its event loop only.
 */
final class SlowReaders extends ChannelDuplexHandler {
    /** Most bytes that the system holds unsent; it asks for more at half of it. */
    static final int UNSENT_BYTES_MAX = 512 * 1024;

    private final Pace pace;
    private final LongAdder givenUp;
    private long written;
    private boolean waiting;
    private long windowStartNanos;
    private long takenAtStart;
    private Optional<Future<?>> timer = Optional.empty();

    private SlowReaders(final Pace pace, final LongAdder givenUp) {
        this.pace = pace;
        this.givenUp = givenUp;
    }

    static void install(final Channel channel, final Pace pace, final LongAdder givenUp) {
        if (channel.config() instanceof EpollSocketChannelConfig socket) {
            socket.setTcpNotSentLowAt(UNSENT_BYTES_MAX);
        }
        channel.pipeline().addFirst("tarn.readers", new SlowReaders(pace, givenUp));
    }

    @Override
    public void write(final ChannelHandlerContext context, final Object message, final ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            waiting &= pending(context.channel()) > 0;
            written += bytes.readableBytes();
        }
        final var unused = context.write(message, promise);
    }

    @Override
    public void flush(final ChannelHandlerContext context) {
        context.flush();
        if (!waiting && pending(context.channel()) > 0) {
            waiting = true;
            beginWindow(context);
        }
    }

    private void beginWindow(final ChannelHandlerContext context) {
        windowStartNanos = System.nanoTime();
        takenAtStart = written - pending(context.channel());
        if (timer.isEmpty()) {
            schedule(context, pace.window().toNanos());
        }
    }

    private void schedule(final ChannelHandlerContext context, final long nanos) {
        timer = Optional.of(context.executor().schedule(() -> windowEnded(context), nanos, TimeUnit.NANOSECONDS));
    }

    private void windowEnded(final ChannelHandlerContext context) {
        timer = Optional.empty();
        final Channel channel = context.channel();
        final long pending = pending(channel);
        waiting &= pending > 0;
        if (!waiting || !channel.isActive()) {
            return;
        }
        final long rest = windowStartNanos + pace.window().toNanos() - System.nanoTime();
        if (rest > 0) {
            schedule(context, rest);
            return;
        }
        final long taken = written - pending - takenAtStart;
        if (taken <= 0 || taken < pace.windowBytes()) {
            givenUp.increment();
            final var unused = channel.close();
        } else {
            beginWindow(context);
        }
    }

    /** Bytes that wait for the socket; Netty counts some more for each buffer, which evens out over a window. */
    private static long pending(final Channel channel) {
        final ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty()
                ? 0
                : Math.max(1, buffer.totalPendingWriteBytes() - Math.max(0, buffer.currentProgress()));
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        timer.ifPresent(running -> running.cancel(false));
        timer = Optional.empty();
        context.fireChannelInactive();
    }
}
