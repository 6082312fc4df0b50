package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChunkBuffersTest {
    private final ChunkBuffers buffers = new ChunkBuffers(8192);

    @Test
    void aReleasedBufferIsLentAgainEmpty() {
        ByteBuf first = buffers.lend();
        ByteBuffer target = first.internalNioBuffer(0, 8192);
        target.put(new byte[5000]);
        first.writerIndex(5000);
        assertThat(first.readableBytes()).isEqualTo(5000);
        first.release();
        assertThat(buffers.idle()).isEqualTo(1);
        ByteBuf second = buffers.lend();
        assertThat(buffers.idle()).isZero();
        assertThat(second.readableBytes()).isZero();
        assertThat(second.writableBytes()).isEqualTo(8192);
        assertThat(second.isDirect()).isTrue();
        second.release();
    }

    @Test
    void slicesKeepTheirBufferLent() {
        ByteBuf buffer = buffers.lend();
        ByteBuf slice = buffer.writeLong(1).retainedSlice(0, 8);
        buffer.release();
        assertThat(buffers.idle()).isZero();
        assertThat(slice.readLong()).isEqualTo(1);
        slice.release();
        assertThat(buffers.idle()).isEqualTo(1);
    }

    @Test
    void onlySoManyAreKept() {
        List<ByteBuf> lent = new ArrayList<>();
        for (int i = 0; i < ChunkBuffers.IDLE_MAX + 3; i++) {
            lent.add(buffers.lend());
        }
        lent.forEach(ByteBuf::release);
        assertThat(buffers.idle()).isEqualTo(ChunkBuffers.IDLE_MAX);
    }
}
