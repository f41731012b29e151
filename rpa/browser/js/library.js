// What is called from outside, kept together for one document's life. Needs all the others.

const library = () => ({
  ...{ work, holding, census, look, offers, readList, fileField, fileInput, throughFrame, editable },
  ...{ aim, aimInRow, aimBoxInRow, aimTurn, measure, pictured, privateOrNone, inset },
});
