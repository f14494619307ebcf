"""Delivers reports and replies to binds, and keeps them until they are acknowledged."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable

from sendmill.carriers.smpp.pdu import MAX_SEQUENCE
from sendmill.simulator.reports import Delivery, Writer

_SLICE = 2000
_TEMPORARY = frozenset({0x14, 0x58, 0x64})  # ESME_RMSGQFUL, ESME_RTHROTTLED, ESME_RX_T_APPN


class Courier:
    """The deliveries of one bind: those that wait, and those that were sent and not acknowledged.

    `send` writes bytes to the bind; `ready` tells whether it takes any now.
    """

    def __init__(
        self,
        number: int,
        system_id: str,
        *,
        send: Callable[[bytes], None],
        ready: Callable[[], bool],
    ) -> None:
        self.number = number
        self.system_id = system_id
        self.waiting: deque[Delivery] = deque()
        self.unacknowledged: dict[int, Delivery] = {}
        self._sequence = 0
        self._send = send
        self._ready = ready

    def pump(self, writer: Writer, window: int) -> int:
        """Send as many deliveries as the window allows (0: all), in writes of bounded size; return how many."""
        sent = 0
        while self.waiting and self._ready():
            count = min(len(self.waiting), _SLICE)
            if window:
                count = min(count, window - len(self.unacknowledged))
            if count <= 0:
                break
            self._send(self._write_next(writer, count))
            sent += count
        return sent

    def _write_next(self, writer: Writer, count: int) -> bytes:
        pdus: list[bytes] = []
        take, write, unacknowledged, sequence = (
            self.waiting.popleft,
            writer.write,
            self.unacknowledged,
            self._sequence,
        )
        for _ in range(count):
            sequence = sequence % MAX_SEQUENCE + 1
            while sequence in unacknowledged:
                sequence = sequence % MAX_SEQUENCE + 1
            unacknowledged[sequence] = delivery = take()
            pdus.append(write(sequence, delivery))
        self._sequence = sequence
        return b"".join(pdus)

    def acknowledge(self, answers: Iterable[tuple[int, int]]) -> list[Delivery]:
        """Take the (sequence, status) of deliver_sm_resps; return the deliveries to be sent again later."""
        again: list[Delivery] = []
        unacknowledged = self.unacknowledged
        for sequence, status in answers:
            delivery = unacknowledged.pop(sequence, None)
            if status in _TEMPORARY and delivery is not None:
                again.append(delivery)
        return again

    def unload(self) -> list[Delivery]:
        """Remove and return everything that is not acknowledged, in order."""
        left = [*self.unacknowledged.values(), *self.waiting]
        self.unacknowledged.clear()
        self.waiting.clear()
        return left


class Exchange:
    """Finds a bind for each delivery; without one, the delivery waits for the next bind of its system_id."""

    def __init__(self) -> None:
        self._couriers: dict[int, Courier] = {}
        self._by_system: defaultdict[str, list[Courier]] = defaultdict(list)
        self._held: defaultdict[str, deque[Delivery]] = defaultdict(deque)
        self._turn = 0

    @property
    def pending(self) -> int:
        """Deliveries that are due and not acknowledged."""
        held = sum(map(len, self._held.values()))
        return held + sum(len(each.waiting) + len(each.unacknowledged) for each in self._couriers.values())

    @property
    def couriers(self) -> list[Courier]:
        """The couriers of all binds that receive, oldest first."""
        return list(self._couriers.values())

    def attach(self, courier: Courier) -> None:
        """Add a bind that receives, and give it what was held for its system_id."""
        self._couriers[courier.number] = courier
        self._by_system[courier.system_id].append(courier)
        courier.waiting.extend(self._held.pop(courier.system_id, ()))

    def detach(self, courier: Courier) -> set[Courier]:
        """Remove a bind; what it did not acknowledge goes to others or is held. Returns the couriers that got some."""
        if self._couriers.pop(courier.number, None) is None:
            return set()
        self._by_system[courier.system_id].remove(courier)
        return self.route(courier.unload(), elsewhere=False)

    def route(self, deliveries: Iterable[Delivery], *, elsewhere: bool) -> set[Courier]:
        """Give each delivery to the bind it came from, or to another (`elsewhere`).

        Returns the couriers that got some.
        """
        touched: set[Courier] = set()
        for delivery in deliveries:
            courier = self._couriers.get(delivery.origin)
            if courier is None or elsewhere:
                courier = self._choose(delivery)
            if courier is None:
                self._held[delivery.system_id].append(delivery)
            else:
                courier.waiting.append(delivery)
                touched.add(courier)
        return touched

    def _choose(self, delivery: Delivery) -> Courier | None:
        couriers = self._by_system[delivery.system_id]
        others = [courier for courier in couriers if courier.number != delivery.origin] or couriers
        if not others:
            return None
        self._turn += 1
        return others[self._turn % len(others)]
