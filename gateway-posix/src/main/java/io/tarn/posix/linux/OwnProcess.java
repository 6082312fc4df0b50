package io.tarn.posix.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What a process may change about itself. */
public final class OwnProcess {
    private static final MethodHandle SETSID = Binding.function("setsid", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private OwnProcess() {}

    /**
     * Leaves the terminal and the group of whoever started this process, so that neither the terminal's end nor its interrupts reach it
     * (setsid(2)). Fails with {@code EPERM} in a process that leads a group already.
     */
    public static void leaveTerminal() throws LinuxException {
        final var state = new CallState();
        try {
            final int session = (int) SETSID.invokeExact(state.segment());
            LinuxException.check("setsid", session < 0 ? -state.errno() : session);
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("setsid", thrown);
        }
    }
}
