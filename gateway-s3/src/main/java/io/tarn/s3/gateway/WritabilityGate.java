package io.tarn.s3.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.Objects;

/**
 * Tells whoever sends on a connection that its write buffer has drained. One per connection; used on its event loop only.
 */
final class WritabilityGate extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<WritabilityGate> KEY = AttributeKey.valueOf(WritabilityGate.class, "gate");

    private Runnable waiter = WritabilityGate::nobody;

    static void install(final Channel channel) {
        var gate = new WritabilityGate();
        channel.attr(KEY).set(gate);
        channel.pipeline().addFirst("tarn.writability", gate);
    }

    static WritabilityGate of(final Channel channel) {
        return Objects.requireNonNull(channel.attr(KEY).get(), "every connection has a gate");
    }

    /** Runs {@code action} now if the connection takes more, else as soon as it does or is closed. */
    void whenWritable(final Channel channel, final Runnable action) {
        if (channel.isWritable() || !channel.isActive()) {
            action.run();
        } else {
            Runnable before = waiter;
            waiter = () -> {
                before.run();
                action.run();
            };
        }
    }

    private static void nobody() {}

    private void open() {
        Runnable waiting = waiter;
        waiter = WritabilityGate::nobody;
        waiting.run();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            open();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        open();
        context.fireChannelInactive();
    }
}
