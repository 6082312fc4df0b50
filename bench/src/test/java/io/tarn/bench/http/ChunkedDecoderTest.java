package io.tarn.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChunkedDecoderTest {
    private static final String BODY = "5;name=value\r\nhello\r\nA\r\n, chunked!\r\n0\r\nTrailer: x\r\n\r\n";

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static BodySink into(final StringBuilder text) {
        return chunk -> text.append(StandardCharsets.ISO_8859_1.decode(chunk));
    }

    @Test
    void aBodyCutAnywhereDecodesTheSame() throws IOException {
        for (int cut = 0; cut < BODY.length(); cut++) {
            final StringBuilder text = new StringBuilder();
            final ChunkedDecoder decoder = new ChunkedDecoder();
            assertThat(decoder.feed(bytes(BODY.substring(0, cut)), into(text))).isFalse();
            assertThat(decoder.feed(bytes(BODY.substring(cut)), into(text))).isTrue();
            assertThat(text).hasToString("hello, chunked!");
            assertThat(decoder.total()).isEqualTo(15);
        }
    }

    @Test
    void bytesBehindTheBodyAreLeft() throws IOException {
        final ByteBuffer in = bytes(BODY + "HTTP");
        assertThat(new ChunkedDecoder().feed(in, BodySink.DISCARD)).isTrue();
        assertThat(in.remaining()).isEqualTo(4);
    }

    @Test
    void refusesWrongSizes() {
        for (final String wrong : new String[] {"zz\r\n", "-1\r\n", "2\r\nabc\r\n"}) {
            assertThatThrownBy(() -> new ChunkedDecoder().feed(bytes(wrong), BodySink.DISCARD))
                    .isInstanceOf(HttpProtocolException.class);
        }
    }
}
