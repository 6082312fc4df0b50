package io.tarn.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ResponseHeadTest {
    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void readsStatusAndLengthAndStopsBeforeTheBody() throws IOException {
        final ByteBuffer in = bytes("HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH:  5 \r\n\r\nhello");
        assertThat(ResponseHead.parse(in)).contains(new ResponseHead(200, OptionalLong.of(5), false, false));
        assertThat(in.remaining()).isEqualTo(5);
    }

    @Test
    void recognisesChunksAndTheLastResponseOfAConnection() throws IOException {
        final ByteBuffer in =
                bytes("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n");
        assertThat(ResponseHead.parse(in)).contains(new ResponseHead(404, OptionalLong.empty(), true, true));
    }

    @Test
    void anIncompleteHeadIsLeftUntouchedAtEveryCut() throws IOException {
        final String whole = "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n";
        for (int cut = 0; cut < whole.length(); cut++) {
            final ByteBuffer in = bytes(whole.substring(0, cut));
            assertThat(ResponseHead.parse(in)).isEmpty();
            assertThat(in.position()).isZero();
        }
    }

    @Test
    void refusesWhatIsNoHttpAndHeadsWithoutEnd() {
        assertThatThrownBy(() -> ResponseHead.parse(bytes("SSH-2.0-x\r\n\r\n")))
                .isInstanceOf(HttpProtocolException.class);
        assertThatThrownBy(() -> ResponseHead.parse(bytes("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")))
                .isInstanceOf(HttpProtocolException.class);
        assertThatThrownBy(() -> ResponseHead.parse(bytes("a".repeat(ResponseHead.MAX_HEAD_BYTES))))
                .isInstanceOf(HttpProtocolException.class);
    }
}
