package io.tarn.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcTest {
    @Test
    void parsesAStatWhoseNameHasSpacesAndParentheses() {
        assertThat(ProcStat.parse("42 (a b) c) S 7 42 42 0 -1 4194560 100 0 0 0 150 50 3 2 20 0 1 0 1 2 3 4"))
                .isEqualTo(new ProcStat(7, 153, 52));
    }

    @Test
    void parsesMemoryAndTakesAKernelThreadAsNone() {
        assertThat(Memory.parse("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n"))
                .isEqualTo(new Memory(1024 * 1024, 2 * 1024 * 1024));
        assertThat(Memory.parse("Name:\tkthreadd\n")).isEqualTo(new Memory(0, 0));
    }

    @Test
    void picksOnlyListenersOfThePort() {
        assertThat(ListeningPort.inodes(
                        List.of(
                                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode",
                                "   0: 0100007F:2328 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 111 1 0",
                                "   1: 0100007F:2328 0100007F:9999 01 00000000:00000000 00:00000000 00000000 0 0 222 1 0",
                                "   2: 0100007F:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 333 1 0"),
                        9000))
                .containsExactly("socket:[111]");
    }

    @Test
    void findsThisProcessByAPortAndSeesItsCost() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final int pid = (int) ProcessHandle.current().pid();
            assertThat(ListeningPort.owner(server.getLocalPort())).contains(pid);
            assertThat(new ProcessTree(pid).cpuSeconds()).isPositive();
            assertThat(new ProcessTree(pid).memory().peakBytes()).isPositive();
        }
    }

    @Test
    void saysWhenTheServerIsGone() {
        assertThatThrownBy(() -> new ProcessTree(Integer.MAX_VALUE).cpuSeconds())
                .hasMessageContaining("has ended");
    }
}
