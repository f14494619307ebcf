// An SMSC made with the npm package "smpp": takes every submit_sm, answers with an id in hexadecimal, and
// reports it delivered under the same id in decimal. Prints its port, then every message, one JSON a line.
// Ends with its standard input.
const smpp = require("smpp");

let serial = 0xabcdef0;
const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");

function report(session, pdu, id) {
  const text = `id:${id} sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:`;
  session.deliver_sm({
    source_addr_ton: pdu.dest_addr_ton,
    source_addr_npi: pdu.dest_addr_npi,
    source_addr: pdu.destination_addr,
    dest_addr_ton: pdu.source_addr_ton,
    dest_addr_npi: pdu.source_addr_npi,
    destination_addr: pdu.source_addr,
    esm_class: 4,
    short_message: Buffer.from(text, "latin1"),
  });
}

const server = smpp.createServer((session) => {
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => {
    const known = pdu.system_id === "demo" && pdu.password === "demo";
    session.send(pdu.response({ command_status: known ? 0 : smpp.ESME_RINVPASWD, system_id: "node" }));
  });
  session.on("submit_sm", (pdu) => {
    const id = ++serial;
    const { message, udh } = pdu.short_message;
    say({
      source: [pdu.source_addr, pdu.source_addr_ton, pdu.source_addr_npi],
      destination: [pdu.destination_addr, pdu.dest_addr_ton, pdu.dest_addr_npi],
      coding: pdu.data_coding,
      header: udh ? Buffer.concat([].concat(udh)).toString("hex") : "",
      text: message,
    });
    session.send(pdu.response({ message_id: id.toString(16).toUpperCase() }));
    report(session, pdu, id);
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
});

server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
process.stdin.on("end", () => process.exit(0));
process.stdin.resume();
