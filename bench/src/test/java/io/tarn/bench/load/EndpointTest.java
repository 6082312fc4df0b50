package io.tarn.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void takesLoopbackWithOrWithoutAName() {
        assertThat(Endpoint.parse("tarn=http://127.0.0.1:9000").name()).isEqualTo("tarn");
        assertThat(Endpoint.parse("http://127.0.0.1:9000/").name()).isEqualTo("127.0.0.1:9000");
    }

    @Test
    void refusesOtherMachinesSchemesAndPaths() {
        assertThatThrownBy(() -> Endpoint.parse("http://192.0.2.1:9000"))
                .hasMessageContaining("not a loopback address");
        assertThatThrownBy(() -> Endpoint.parse("https://127.0.0.1:9000")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Endpoint.parse("http://127.0.0.1:9000/path")).hasMessageContaining("path");
    }
}
